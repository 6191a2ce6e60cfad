package io.modelserver.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class KeyFileLocationTest {

    @TempDir
    Path folder;

    @Test
    void theSettingComesFirstThenTheCredentialThenTheSecret() throws IOException {
        Path secret = folder.resolve("secret");
        Path credential = folder.resolve("api-keys");

        assertThat(KeyFileLocation.of("", null, secret)).isEmpty();
        assertThat(KeyFileLocation.of("  ", folder.toString(), secret)).isEmpty();
        Files.createFile(secret);
        assertThat(KeyFileLocation.of("", null, secret)).contains(secret);
        assertThat(KeyFileLocation.of("", folder.toString(), secret)).contains(secret);
        Files.createFile(credential);
        assertThat(KeyFileLocation.of("", folder.toString(), secret)).contains(credential);
        assertThat(KeyFileLocation.of("named", folder.toString(), secret)).contains(Path.of("named"));
    }

}

package io.modelserver.security;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Where the file of API keys is: where the settings say, else where systemd
 * ({@code LoadCredential=api-keys:…}) or Docker (a secret {@code modelserver-api-keys})
 * put it.
 */
public final class KeyFileLocation {

    private static final Path DOCKER_SECRET = Path.of("/run/secrets/modelserver-api-keys");

    private KeyFileLocation() {
    }

    /**
     * {@return the file, which need not exist if it was named; nothing if there is none}
     * @param setting what the settings say, empty for nothing
     * @param environment the process's environment
     */
    public static Optional<Path> of(String setting, Map<String, String> environment) {
        return of(setting, environment.get("CREDENTIALS_DIRECTORY"), DOCKER_SECRET);
    }

    static Optional<Path> of(String setting, @Nullable String credentials, Path secret) {
        if (!setting.isBlank()) {
            return Optional.of(Path.of(setting.strip()));
        }
        Stream<Path> credential = (credentials != null) ? Stream.of(Path.of(credentials, "api-keys")) : Stream.empty();
        return Stream.concat(credential, Stream.of(secret)).filter((path) -> Files.exists(path)).findFirst();
    }

}

package io.modelserver.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class KeyFileTest {

    private static final String HASH = ApiKeys.hashOf("one");

    private static final String OTHER = ApiKeys.hashOf("two");

    @TempDir
    Path folder;

    @Test
    void eachLineIsAKeyAndCommentsAndEmptyLinesAreNone() throws IOException {
        assertThat(
                read("# keys\n\n  alice  admin,predict\t%s  \r\n#bob admin x\nbot-7 outcome %s".formatted(HASH, OTHER)))
            .isEqualTo(ApiKeys.content(new ApiKey("alice", Set.of(Scope.ADMIN, Scope.PREDICT), HASH),
                    new ApiKey("bot-7", Set.of(Scope.OUTCOME), OTHER)));
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "\n", "# nobody\n" })
    void aFileMayHoldNoKey(String text) throws IOException {
        assertThat(read(text)).isEqualTo(ApiKeys.content());
    }

    @ParameterizedTest
    @ValueSource(strings = { "alice", "alice admin", "alice admin HASH more", "alice admin HASH # a comment",
            "-alice admin HASH", "al/ice admin HASH", "\u0430lice admin HASH", "\uFEFFalice admin HASH",
            "local admin HASH", "alice root HASH", "alice ADMIN HASH", "alice admin,root HASH", "alice admin, HASH",
            "alice , HASH", "alice admin,,predict HASH", "alice admin HASH0", "alice admin 0123456789abcdef",
            "alice admin UPPER", "alice admin gggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggg",
            "bob admin OTHER", "alice admin TAKEN" })
    void aLineThatIsNotAKeyIsNamedByItsNumberAlone(String line) throws IOException {
        String text = "# first\nbob admin %s\n".formatted(ApiKeys.hashOf("taken")) + line.replace("HASH", HASH)
            .replace("OTHER", OTHER)
            .replace("UPPER", HASH.toUpperCase(Locale.ROOT))
            .replace("TAKEN", ApiKeys.hashOf("taken"));

        assertThat(read(text)).isInstanceOfSatisfying(KeyFileContent.Mistake.class,
                (mistake) -> assertThat(mistake.reason()).contains("line 3", folder.toString())
                    .doesNotContain(HASH, "gggg", "root"));
    }

    @Test
    void aNameMayBeAtMost64Long() throws IOException {
        assertThat(read("%s admin %s".formatted("a".repeat(64), HASH))).isInstanceOf(KeyFileContent.Keys.class);
        assertThat(read("%s admin %s".formatted("a".repeat(65), HASH))).isInstanceOf(KeyFileContent.Mistake.class);
    }

    @Test
    void whatIsNoReadableTextIsSaidToBe() throws IOException {
        Path file = folder.resolve("keys");
        assertThat(reason(file)).endsWith("does not exist");
        assertThat(reason(folder)).endsWith("is not a file");
        Files.write(file, new byte[] { 'a', (byte) 0xff });
        assertThat(reason(file)).endsWith("is not UTF-8 text");
        Files.write(file, new byte[(1 << 20) + 1]);
        assertThat(reason(file)).endsWith("is larger than 1 MB");
    }

    private static String reason(Path file) {
        return ((KeyFileContent.Mistake) new KeyFile(file).read()).reason();
    }

    private KeyFileContent read(String text) throws IOException {
        return new KeyFile(Files.writeString(folder.resolve("keys"), text)).read();
    }

}

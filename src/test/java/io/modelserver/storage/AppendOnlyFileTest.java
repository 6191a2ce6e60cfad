package io.modelserver.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class AppendOnlyFileTest {

    @TempDir
    Path temp;

    @Test
    void linesAreReadInTheirOrder() throws Exception {
        AppendOnlyFile file = new AppendOnlyFile(temp.resolve("lines"));
        assertThat(file.lines()).isEmpty();

        file.append("one");
        file.append("two");

        assertThat(file.lines()).containsExactly("one", "two");
    }

    @Test
    void aLineThatWasCutShortStaysApart() throws Exception {
        Files.writeString(temp.resolve("lines"), "one\ntw");
        AppendOnlyFile file = new AppendOnlyFile(temp.resolve("lines"));

        file.append("three");

        assertThat(file.lines()).containsExactly("one", "tw", "three");
    }

    @Test
    void bytesThatAreNoTextSpoilTheirLineAlone() throws Exception {
        Files.write(temp.resolve("lines"), new byte[] { 'a', '\n', (byte) 0xff, 0, '\n' });

        assertThat(new AppendOnlyFile(temp.resolve("lines")).lines()).startsWith("a").hasSize(2);
    }

    @Test
    void ofAVeryLargeFileTheLastLinesAreRead() throws Exception {
        Files.writeString(temp.resolve("lines"), "x".repeat(5 << 20) + "\nlast\n");

        assertThat(new AppendOnlyFile(temp.resolve("lines")).lines()).containsExactly("last");
    }

    @Test
    void whatIsNoRegularFileIsNeitherReadNorWritten() throws Exception {
        Files.createDirectory(temp.resolve("folder"));
        Files.createSymbolicLink(temp.resolve("link"), temp.resolve("elsewhere"));

        for (String name : new String[] { "folder", "link" }) {
            AppendOnlyFile file = new AppendOnlyFile(temp.resolve(name));
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.append("line"));
            assertThatExceptionOfType(IOException.class).isThrownBy(file::lines);
        }
        assertThat(temp.resolve("elsewhere")).doesNotExist();
    }

}

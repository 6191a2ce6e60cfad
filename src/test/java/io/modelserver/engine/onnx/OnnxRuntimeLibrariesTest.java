package io.modelserver.engine.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import ai.onnxruntime.OrtEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class OnnxRuntimeLibrariesTest {

    @TempDir
    private Path folder;

    @Test
    void bothLibrariesLieInAFolderOfTheirRelease() throws Exception {
        Path libraries = new OnnxRuntimeLibraries(OrtEnvironment.class, folder).folder().orElseThrow();

        assertThat(libraries.getFileName().toString()).startsWith("1.29.0-");
        assertThat(names(libraries)).containsExactlyInAnyOrder(System.mapLibraryName("onnxruntime"),
                System.mapLibraryName("onnxruntime4j_jni"));
        assertThat(names(folder)).containsExactly(libraries.getFileName().toString());
    }

    @Test
    void whatIsThereIsTakenAsItIs() throws Exception {
        OnnxRuntimeLibraries libraries = new OnnxRuntimeLibraries(OrtEnvironment.class, folder);
        Path first = libraries.folder().orElseThrow();
        Path marker = Files.createFile(first.resolve("marker"));

        assertThat(libraries.folder()).hasValue(first);
        assertThat(marker).exists();
    }

    @Test
    void whereNothingCanBeWrittenOnnxRuntimeHelpsItself() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));

        assertThat(new OnnxRuntimeLibraries(OrtEnvironment.class, file.resolve("cache")).folder()).isEmpty();
    }

    @Test
    void librariesOfAnUnknownReleaseAreLeftAlone() {
        assertThat(new OnnxRuntimeLibraries(OnnxRuntimeLibrariesTest.class, folder).folder()).isEmpty();
    }

    @Test
    void platformsAreNamedAsOnnxRuntimeNamesThem() {
        assertThat(OnnxRuntimeLibraries.platform("Linux", "amd64")).isEqualTo("linux-x64");
        assertThat(OnnxRuntimeLibraries.platform("Linux", "aarch64")).isEqualTo("linux-aarch64");
        assertThat(OnnxRuntimeLibraries.platform("Mac OS X", "aarch64")).isEqualTo("osx-aarch64");
        assertThat(OnnxRuntimeLibraries.platform("Windows 11", "amd64")).isEqualTo("win-x64");
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map((file) -> file.getFileName().toString()).toList();
        }
    }

}

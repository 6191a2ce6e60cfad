package io.modelserver.registry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes registries for tests. */
public final class RegistryFolder {

    private final Path root;

    public RegistryFolder(Path root) {
        this.root = root;
    }

    public RegistryFolder version(String model, String version, String modelFile, String metadata) throws IOException {
        Path folder = Files.createDirectories(root.resolve(model).resolve(version));
        Files.write(folder.resolve("model.pt"), FakeEngine.file(modelFile));
        Files.writeString(folder.resolve("metadata.json"), metadata);
        return this;
    }

    public RegistryFolder version(String model, String version, String modelFile) throws IOException {
        return version(model, version, modelFile, "{\"input_shape\": [2], \"trainer\": {\"kept\": [1, 2.50]}}");
    }

    public RegistryFolder file(String model, String version, String name, byte[] content) throws IOException {
        Files.write(Files.createDirectories(root.resolve(model).resolve(version)).resolve(name), content);
        return this;
    }

    public RegistryFolder mark(String model, String stage, String version) throws IOException {
        Files.write(root.resolve(model).resolve("." + stage), (version + "\n").getBytes(StandardCharsets.UTF_8));
        return this;
    }

    public Path path(String first, String... more) {
        return root.resolve(Path.of(first, more));
    }

}

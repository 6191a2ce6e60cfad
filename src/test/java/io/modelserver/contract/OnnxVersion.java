package io.modelserver.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A version in PRODUCTION, made of one of the tests' ONNX files. */
final class OnnxVersion {

    private static final Path FILES = Path.of("src", "test", "resources", "onnx");

    private OnnxVersion() {
    }

    /** Writes version 1 of a model, whose metadata declares the inputs. */
    static void write(Path models, String model, String file, String inputs) throws IOException {
        Path version = Files.createDirectories(models.resolve(model).resolve("1"));
        Files.copy(FILES.resolve(file), version.resolve("model.onnx"));
        Files.writeString(version.resolve("metadata.json"), "{\"inputs\": [%s]}".formatted(inputs));
        Files.writeString(models.resolve(model).resolve(".production"), "1\n");
    }

}

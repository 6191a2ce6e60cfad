package io.modelserver.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

import tools.jackson.databind.node.ObjectNode;

/** What can be wrong with a version that is copied into the registry. */
enum Damage {

    TRUNCATED("copy") {
        @Override
        void to(Path version) throws IOException {
            byte[] bytes = Files.readAllBytes(model(version));
            Files.write(model(version), Arrays.copyOf(bytes, bytes.length / 2));
        }
    },

    BITS_FLIPPED("sha256") {
        @Override
        void to(Path version) throws IOException {
            flipWeights(version);
        }
    },

    BITS_FLIPPED_WITHOUT_CHECKSUM("") {
        @Override
        void to(Path version) throws IOException {
            flipWeights(version);
            dropChecksum(version);
        }
    },

    WRONG_CHECKSUM("sha256") {
        @Override
        void to(Path version) throws IOException {
            ObjectNode metadata = metadata(version);
            metadata.putObject("sha256").put("model.pt", "0".repeat(64));
            Files.writeString(version.resolve("metadata.json"), metadata.toString());
        }
    },

    STATE_DICT("torch.jit") {
        @Override
        void to(Path version) throws IOException {
            replace(version, "state-dict");
        }
    },

    OTHER_INPUT("input") {
        @Override
        void to(Path version) throws IOException {
            replace(version, "wrong-shape");
        }
    },

    EMPTY("0 bytes") {
        @Override
        void to(Path version) throws IOException {
            Files.write(model(version), new byte[0]);
        }
    },

    MISSING("missing") {
        @Override
        void to(Path version) throws IOException {
            Files.delete(model(version));
            Files.delete(version.resolve("model.onnx"));
        }
    },

    FOLDER("not a regular file") {
        @Override
        void to(Path version) throws IOException {
            Files.delete(model(version));
            Files.createDirectory(model(version));
        }
    },

    LINK_OUT_OF_THE_REGISTRY("link") {
        @Override
        void to(Path version) throws IOException {
            Files.delete(model(version));
            Files.createSymbolicLink(model(version), TEST_MODELS.resolve("tuple").resolve("model.pt").toAbsolutePath());
        }
    },

    NO_METADATA("metadata.json") {
        @Override
        void to(Path version) throws IOException {
            Files.delete(version.resolve("metadata.json"));
        }
    },

    BROKEN_METADATA("metadata.json") {
        @Override
        void to(Path version) throws IOException {
            Files.writeString(version.resolve("metadata.json"), "{\"name\": ");
        }
    };

    static final Path TEST_MODELS = Path.of("src", "test", "resources", "torchscript");

    private final String hint;

    Damage(String hint) {
        this.hint = hint;
    }

    /** Does it to the folder of a version. */
    abstract void to(Path version) throws IOException;

    /** What an operator must be told, among other things. */
    String hint() {
        return hint;
    }

    private static Path model(Path version) {
        return version.resolve("model.pt");
    }

    private static ObjectNode metadata(Path version) throws IOException {
        return (ObjectNode) Answer.JSON.readTree(Files.readString(version.resolve("metadata.json")));
    }

    private static void dropChecksum(Path version) throws IOException {
        ObjectNode metadata = metadata(version);
        metadata.remove("sha256");
        Files.writeString(version.resolve("metadata.json"), metadata.toString());
    }

    private static void replace(Path version, String testModel) throws IOException {
        Files.copy(model(TEST_MODELS.resolve(testModel)), model(version), StandardCopyOption.REPLACE_EXISTING);
        dropChecksum(version);
    }

    /** In the middle of the file there are weights. */
    private static void flipWeights(Path version) throws IOException {
        byte[] bytes = Files.readAllBytes(model(version));
        for (int i = bytes.length / 2; i < bytes.length / 2 + 4096; i++) {
            bytes[i] ^= 0x55;
        }
        Files.write(model(version), bytes);
    }

}

package io.modelserver.contract;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What can be wrong with a model when the server starts, and what its callers and its
 * operator must get then.
 */
enum BrokenRegistry {

    NOTHING_IS_WRONG(Gets.FIRST_VERSION) {
        @Override
        void to(SmallModel model) {
        }
    },

    NO_MARKER(Gets.NO_PRODUCTION) {
        @Override
        void to(SmallModel model) throws IOException {
            Files.delete(model.marker("production"));
        }
    },

    EMPTY_MARKER(Gets.NO_PRODUCTION) {
        @Override
        void to(SmallModel model) throws IOException {
            Files.writeString(model.marker("production"), "");
        }
    },

    MARKER_OF_GARBAGE(Gets.NO_PRODUCTION) {
        @Override
        void to(SmallModel model) throws IOException {
            Files.write(model.marker("production"), new byte[] { 0, -1, -2, '/', '.', '.', '\n', 7 });
        }
    },

    MARKER_OF_A_MEGABYTE(Gets.NO_PRODUCTION) {
        @Override
        void to(SmallModel model) throws IOException {
            Files.writeString(model.marker("production"), "1".repeat(1 << 20));
        }
    },

    MARKER_THAT_LEADS_OUT(Gets.NO_PRODUCTION) {
        @Override
        void to(SmallModel model) throws IOException {
            Files.writeString(model.marker("production"), "../../elsewhere\n");
        }
    },

    MARKER_OF_A_VERSION_THAT_IS_GONE(Gets.NO_PRODUCTION) {
        @Override
        void to(SmallModel model) throws IOException {
            Files.writeString(model.marker("production"), "gone\n");
        }
    },

    MARKER_WITH_CRLF(Gets.FIRST_VERSION) {
        @Override
        void to(SmallModel model) throws IOException {
            Files.writeString(model.marker("production"), "1\r\n");
        }
    },

    MARKER_WITH_BYTE_ORDER_MARK(Gets.FIRST_VERSION_OR_NO_PRODUCTION) {
        @Override
        void to(SmallModel model) throws IOException {
            Files.writeString(model.marker("production"), "\ufeff1\r\n");
        }
    },

    MARKER_WITH_COMMENT(Gets.FIRST_VERSION_OR_NO_PRODUCTION) {
        @Override
        void to(SmallModel model) throws IOException {
            Files.writeString(model.marker("production"), "1 # since Monday\n");
        }
    },

    MARKER_OF_TWO_LINES(Gets.FIRST_VERSION_OR_NO_PRODUCTION) {
        @Override
        void to(SmallModel model) throws IOException {
            Files.writeString(model.marker("production"), "1\n2\n");
        }
    },

    MARKER_IN_UTF_16(Gets.NO_PRODUCTION) {
        @Override
        void to(SmallModel model) throws IOException {
            Files.writeString(model.marker("production"), "1\n", StandardCharsets.UTF_16);
        }
    },

    FOLDER_AS_MARKER(Gets.NO_PRODUCTION) {
        @Override
        void to(SmallModel model) throws IOException {
            Files.delete(model.marker("production"));
            Files.createDirectory(model.marker("production"));
        }
    },

    PIPE_AS_MARKER(Gets.NO_PRODUCTION) {
        @Override
        void to(SmallModel model) throws IOException {
            pipe(model.marker("production"));
        }
    },

    CORRUPT_METADATA(Gets.ERROR) {
        @Override
        void to(SmallModel model) throws IOException {
            Files.writeString(metadata(model), "{\"name\": \"m\", ");
        }
    },

    EMPTY_METADATA(Gets.ERROR) {
        @Override
        void to(SmallModel model) throws IOException {
            Files.writeString(metadata(model), "");
        }
    },

    HUGE_METADATA(Gets.ERROR) {
        @Override
        void to(SmallModel model) throws IOException {
            Files.writeString(metadata(model), "{\"input_shape\": [4, 3], \"x\": \"" + "x".repeat(20 << 20) + "\"}");
        }
    },

    DEEP_METADATA(Gets.ERROR) {
        @Override
        void to(SmallModel model) throws IOException {
            Files.writeString(metadata(model), "{\"input_shape\": [4, 3], \"x\": " + "[".repeat(1 << 20));
        }
    },

    METADATA_IN_UTF_16(Gets.ERROR) {
        @Override
        void to(SmallModel model) throws IOException {
            Files.writeString(metadata(model), "\u0000\uffff");
        }
    },

    FOLDER_AS_METADATA(Gets.ERROR) {
        @Override
        void to(SmallModel model) throws IOException {
            Files.delete(metadata(model));
            Files.createDirectory(metadata(model));
        }
    },

    PIPE_AS_METADATA(Gets.ERROR) {
        @Override
        void to(SmallModel model) throws IOException {
            pipe(metadata(model));
        }
    },

    PIPE_AS_MODEL(Gets.ERROR) {
        @Override
        void to(SmallModel model) throws IOException {
            pipe(model.version("1").resolve("model.pt"));
        }
    },

    LINK_OUT_AS_MODEL(Gets.ERROR) {
        @Override
        void to(SmallModel model) throws IOException {
            Path file = model.version("1").resolve("model.pt");
            Path outside = Files.move(file, model.folder().resolveSibling("../outside-" + model.name()));
            Files.createSymbolicLink(file, outside.toAbsolutePath());
        }
    },

    PIPE_AS_SAMPLE(Gets.REJECTION) {
        @Override
        void to(SmallModel model) throws IOException {
            pipe(sample(model));
        }
    },

    FOLDER_AS_SAMPLE(Gets.REJECTION) {
        @Override
        void to(SmallModel model) throws IOException {
            Files.delete(sample(model));
            Files.createDirectory(sample(model));
        }
    },

    CORRUPT_SAMPLE(Gets.REJECTION) {
        @Override
        void to(SmallModel model) throws IOException {
            Files.writeString(sample(model), "{\"samples\": [{\"inputs\": ");
        }
    },

    DEEP_SAMPLE(Gets.REJECTION) {
        @Override
        void to(SmallModel model) throws IOException {
            Files.writeString(sample(model), "{\"samples\": " + "[".repeat(1 << 20));
        }
    },

    SAMPLE_OF_ANOTHER_SHAPE(Gets.REJECTION) {
        @Override
        void to(SmallModel model) throws IOException {
            Files.writeString(sample(model), "{\"samples\": [{\"inputs\": {\"features\": [1]}, \"outputs\": {}}]}");
        }
    },

    VERSION_THAT_IS_A_FILE(Gets.NO_PRODUCTION) {
        @Override
        void to(SmallModel model) throws IOException {
            Files.move(model.version("1"), model.folder().resolveSibling("../moved-" + model.name()));
            Files.writeString(model.version("1"), "");
        }
    };

    private final Gets gets;

    BrokenRegistry(Gets gets) {
        this.gets = gets;
    }

    /** Does it to a model that is in order. */
    abstract void to(SmallModel model) throws IOException;

    Gets gets() {
        return gets;
    }

    private static Path metadata(SmallModel model) {
        return model.version("1").resolve("metadata.json");
    }

    private static Path sample(SmallModel model) {
        return model.version("1").resolve("sample.json");
    }

    private static void pipe(Path file) throws IOException {
        Files.deleteIfExists(file);
        try {
            if (new ProcessBuilder("mkfifo", file.toString()).start().waitFor() != 0) {
                throw new IOException("mkfifo failed");
            }
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(ex);
        }
    }

    /** What a request for the version in production gets. */
    enum Gets {

        /** Its answer. */
        FIRST_VERSION,

        /** 503, for no version is in production that is there. */
        NO_PRODUCTION,

        /** Either: what a marker means that holds more than a name is not laid down. */
        FIRST_VERSION_OR_NO_PRODUCTION,

        /** 503, and the version is listed with its error before it is ever loaded. */
        ERROR,

        /** 503, and the version is listed with the error that loading it ended in. */
        REJECTION

    }

}

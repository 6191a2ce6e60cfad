package io.modelserver.registry;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

import io.modelserver.engine.ModelFormat;
import io.modelserver.engine.ModelLoadException;

/**
 * Recognises by its first bytes a file that has a model's name and is something else,
 * which an engine would refuse with words of its own.
 */
final class MistakenFile {

    private static final int HEAD = 64;

    private static final String HDF5 = "\u0089HDF";

    private static final String GZIP = "\u001f\u008b";

    private static final int ONNX_FIRST_FIELD = 0x08;

    private static final int LATEST_ONNX_FORMAT = 0x40;

    private MistakenFile() {
    }

    static void check(byte[] bytes, ModelFormat format) throws ModelLoadException {
        String name = format.fileName();
        String head = new String(Arrays.copyOf(bytes, Math.min(HEAD, bytes.length)), StandardCharsets.ISO_8859_1);
        String text = head.stripLeading().toLowerCase(Locale.ROOT);
        if (head.startsWith("version https://git-lfs")) {
            throw new ModelLoadException(name + " is a pointer of Git LFS, not the file itself: run git lfs pull");
        }
        if (text.startsWith("<!doctype") || text.startsWith("<html") || text.startsWith("<?xml")) {
            throw new ModelLoadException(
                    name + " is a web page, perhaps the error of a download: fetch the file again");
        }
        if (head.startsWith(GZIP)) {
            throw new ModelLoadException(name + " is compressed: unpack it with gunzip");
        }
        if (head.startsWith(HDF5)) {
            throw new ModelLoadException(
                    name + " is HDF5, as Keras writes it: export ONNX, model.export(\"model.onnx\", format=\"onnx\")");
        }
        if (format == ModelFormat.TORCHSCRIPT && looksLikeOnnx(bytes)) {
            throw new ModelLoadException("model.pt is an ONNX file: call it model.onnx");
        }
    }

    /**
     * The version of the format comes first, then the name of the exporter or the graph.
     */
    private static boolean looksLikeOnnx(byte[] bytes) {
        return bytes.length > 2 && bytes[0] == ONNX_FIRST_FIELD && bytes[1] > 0 && bytes[1] < LATEST_ONNX_FORMAT
                && (bytes[2] == 0x12 || bytes[2] == 0x3a || bytes[2] == 0x1a || bytes[2] == 0x42);
    }

}

package io.modelserver.registry.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

import io.modelserver.engine.Engine;
import io.modelserver.engine.Engines;
import io.modelserver.engine.ModelLoadException;

/**
 * Recognises by its first bytes a file that has a model's name and is something else,
 * which an engine would refuse with its own message.
 */
final class MistakenFile {

    private static final int HEAD = 64;

    private static final String VOWELS = "AEIOU";

    private static final String HDF5 = "\u0089HDF";

    private static final String GZIP = "\u001f\u008b";

    private MistakenFile() {
    }

    static void check(byte[] bytes, Engine engine, Engines engines) throws ModelLoadException {
        String name = engine.fileName();
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
        Optional<Engine> other = engines.inPrecedence()
            .stream()
            .filter((one) -> !one.equals(engine) && one.recognises(bytes))
            .findFirst();
        if (other.isPresent() && !engine.recognises(bytes)) {
            String format = other.get().format();
            throw new ModelLoadException("%s is %s %s file: call it %s".formatted(name,
                    VOWELS.indexOf(format.charAt(0)) < 0 ? "a" : "an", format, other.get().fileName()));
        }
    }

}

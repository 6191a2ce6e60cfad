package io.modelserver.registry.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import io.modelserver.engine.Engine;
import io.modelserver.engine.Engines;
import io.modelserver.engine.ModelArtifact;
import io.modelserver.engine.ModelLoadException;

/**
 * Recognises by its first bytes a file that has a model's name and is something else,
 * which an engine would refuse with its own message.
 */
final class MistakenFile {

    private static final int HEAD = 64;

    private static final String VOWELS = "AEIOU";

    private static final String HDF5 = "\u0089HDF";

    /** Native models of other tools, by their first bytes; not old pickles of PyTorch. */
    private static final Map<Pattern, String> NATIVE = Map.of(begins("tree\\R+version=v\\d"), "model.txt",
            begins("CBM1"), "model.cbm", begins("\\s*\\{(\\s*\"|L.{8})(learner|version)|binf"), "model.ubj",
            begins(".{5}\\x00{3}\\{\""), "model.safetensors", begins("\\x80[\\x02-\\x05](?!\\x8a\\nl\\xfc)"),
            "model.pkl");

    private static final String GZIP = "\u001f\u008b";

    private MistakenFile() {
    }

    private static Pattern begins(String with) {
        return Pattern.compile(with, Pattern.DOTALL);
    }

    static void check(ModelArtifact artifact, Engine engine, Engines engines) throws ModelLoadException {
        byte[] bytes = artifact.bytes();
        String name = artifact.name();
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
        for (Map.Entry<Pattern, String> kind : NATIVE.entrySet()) {
            if (kind.getKey().matcher(head).lookingAt()) {
                throw new ModelLoadException("%s is %s".formatted(name, ForeignFiles.told(kind.getValue())));
            }
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

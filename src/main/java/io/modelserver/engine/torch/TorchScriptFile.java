package io.modelserver.engine.torch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/**
 * What a TorchScript file says about itself that DJL does not tell. The archive begins
 * its pickled module, {@code data.pkl}, with the name of its class, and keeps the class's
 * source under {@code code/}.
 *
 * @param arguments the names that the program gives the arguments of {@code forward};
 * empty if they can't be found
 * @param fields the names of the tensors that {@code forward} returns in a named tuple;
 * empty if it returns anything else
 * @param state what its weights are and how it was saved
 */
record TorchScriptFile(List<String> arguments, List<String> fields, TorchScriptState state) {

    private static final TorchScriptFile UNKNOWN = new TorchScriptFile(List.of(), List.of(), TorchScriptState.UNKNOWN);

    private static final Pattern CLASS = Pattern.compile("^\\x80.c([\\w.]+)\n(\\w+)\n", Pattern.DOTALL);

    private static final Pattern NAME = Pattern.compile(",\\s*(\\w+): ");

    private static final Pattern FIELD = Pattern.compile("  (\\w+) : Tensor");

    private static final String FORWARD = "\n  def forward(";

    private static final String RETURNS = ") -> ";

    private static final int LARGEST = 64 << 20;

    TorchScriptFile {
        arguments = List.copyOf(arguments);
        fields = List.copyOf(fields);
    }

    /**
     * Reads a file.
     * @param bytes the archive
     * @return what it says
     */
    static TorchScriptFile read(byte[] bytes) {
        try (ZipFile zip = ZipFile.builder().setSeekableByteChannel(new SeekableInMemoryByteChannel(bytes)).get()) {
            for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
                if (entry.getName().matches("[^/]+/data\\.pkl")) {
                    return read(zip, entry);
                }
            }
            return UNKNOWN;
        }
        catch (IOException | IllegalArgumentException ex) {
            return UNKNOWN;
        }
    }

    private static TorchScriptFile read(ZipFile zip, ZipArchiveEntry module) throws IOException {
        String pickle = text(zip, module);
        TorchScriptState state = TorchScriptState.of(pickle);
        String root = module.getName().substring(0, module.getName().indexOf('/'));
        Matcher type = CLASS.matcher(pickle);
        Optional<String> source = type.find() ? source(zip, root, type.group(1)) : Optional.empty();
        if (source.isEmpty()) {
            return new TorchScriptFile(List.of(), List.of(), state);
        }
        String program = source.get();
        int forward = forward(program, type.group(2));
        int end = program.indexOf(RETURNS, Math.max(0, forward));
        if (forward < 0 || end < 0) {
            return new TorchScriptFile(List.of(), List.of(), state);
        }
        List<String> arguments = NAME.matcher(program.substring(forward + FORWARD.length(), end))
            .results()
            .map((name) -> name.group(1))
            .toList();
        int body = program.indexOf(":\n", end);
        String returned = (body < 0) ? "" : program.substring(end + RETURNS.length(), body);
        return new TorchScriptFile(arguments, fields(zip, root, returned), state);
    }

    /**
     * The source is searched by hand: a pattern over all of it could overflow the stack.
     */
    private static int forward(String source, String className) {
        int begin = source.indexOf("class %s(Module):".formatted(className));
        int forward = source.indexOf(FORWARD, Math.max(0, begin));
        int nextClass = source.indexOf("\nclass ", Math.max(0, begin) + 1);
        return (begin < 0 || (nextClass >= 0 && forward > nextClass)) ? -1 : forward;
    }

    /** Tuples within a tuple are returned one tensor after the other, without names. */
    private static List<String> fields(ZipFile zip, String root, String type) throws IOException {
        int dot = type.lastIndexOf('.');
        if (!type.matches("__torch__\\.[\\w.]+")) {
            return List.of();
        }
        String source = source(zip, root, type.substring(0, dot)).orElse("");
        String head = "class %s(NamedTuple):\n".formatted(type.substring(dot + 1));
        int begin = source.indexOf(head);
        List<String> fields = new ArrayList<>();
        if (begin >= 0) {
            for (String line : source.substring(begin + head.length()).lines().toList()) {
                if (!line.startsWith("  ")) {
                    break;
                }
                Matcher field = FIELD.matcher(line);
                if (!field.matches()) {
                    return List.of();
                }
                fields.add(field.group(1));
            }
        }
        return fields;
    }

    private static Optional<String> source(ZipFile zip, String root, String module) throws IOException {
        ZipArchiveEntry entry = zip.getEntry("%s/code/%s.py".formatted(root, module.replace('.', '/')));
        return (entry == null) ? Optional.empty() : Optional.of(text(zip, entry));
    }

    /** A byte is a character. */
    private static String text(ZipFile zip, ZipArchiveEntry entry) throws IOException {
        try (InputStream content = zip.getInputStream(entry)) {
            return new String(content.readNBytes(LARGEST), StandardCharsets.ISO_8859_1);
        }
    }

}

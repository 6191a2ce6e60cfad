package io.modelserver.engine.torch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/**
 * The names that a TorchScript program gives the arguments of {@code forward}. DJL does
 * not tell them. The archive begins its pickled module, {@code data.pkl}, with the name
 * of its class, and keeps the class's source under {@code code/}.
 */
final class TorchScriptArguments {

    private static final Pattern CLASS = Pattern.compile("^\\x80.c([\\w.]+)\n(\\w+)\n", Pattern.DOTALL);

    private static final Pattern NAME = Pattern.compile(",\\s*(\\w+): ");

    private static final String FORWARD = "\n  def forward(";

    private static final int CLASS_NAME_BYTES = 1024;

    private TorchScriptArguments() {
    }

    /**
     * Finds the names.
     * @param bytes the archive
     * @return the names in their order; empty if they can't be found
     */
    static List<String> names(byte[] bytes) {
        try (ZipFile zip = ZipFile.builder().setSeekableByteChannel(new SeekableInMemoryByteChannel(bytes)).get()) {
            for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
                if (entry.getName().matches("[^/]+/data\\.pkl")) {
                    return names(zip, entry);
                }
            }
            return List.of();
        }
        catch (IOException | IllegalArgumentException ex) {
            return List.of();
        }
    }

    private static List<String> names(ZipFile zip, ZipArchiveEntry module) throws IOException {
        Matcher type = CLASS.matcher(text(zip, module, CLASS_NAME_BYTES));
        if (!type.find()) {
            return List.of();
        }
        String root = module.getName().substring(0, module.getName().indexOf('/'));
        Optional<ZipArchiveEntry> source = Optional
            .ofNullable(zip.getEntry("%s/code/%s.py".formatted(root, type.group(1).replace('.', '/'))));
        if (source.isEmpty()) {
            return List.of();
        }
        return names(text(zip, source.get(), Integer.MAX_VALUE), type.group(2));
    }

    /**
     * The source is searched by hand: a pattern over all of it could overflow the stack.
     */
    private static List<String> names(String source, String className) {
        int begin = source.indexOf("class %s(Module):".formatted(className));
        int forward = source.indexOf(FORWARD, Math.max(0, begin));
        int nextClass = source.indexOf("\nclass ", Math.max(0, begin) + 1);
        int end = source.indexOf(") -> ", Math.max(0, forward));
        if (begin < 0 || forward < 0 || end < 0 || (nextClass >= 0 && forward > nextClass)) {
            return List.of();
        }
        return NAME.matcher(source.substring(forward + FORWARD.length(), end))
            .results()
            .map((name) -> name.group(1))
            .toList();
    }

    private static String text(ZipFile zip, ZipArchiveEntry entry, int most) throws IOException {
        try (InputStream content = zip.getInputStream(entry)) {
            return new String(content.readNBytes(most), StandardCharsets.ISO_8859_1);
        }
    }

}

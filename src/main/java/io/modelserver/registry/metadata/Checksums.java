package io.modelserver.registry.metadata;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.modelserver.engine.Engine;
import io.modelserver.engine.ModelLoadException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The SHA-256 digests that {@code metadata.json} gives: one text, or an object by file. A
 * digest may be written as {@code sha256sum}, {@code openssl} or container tools print
 * it. What is given protects: a digest that can't be read, or that belongs to no file
 * that is there, is an error.
 */
public final class Checksums {

    private static final Pattern FIELD = Pattern.compile("sha[-_]?256(sum)?", Pattern.CASE_INSENSITIVE);

    private static final String HEX = "(?<hex>[0-9A-Fa-f]{64})";

    private static final List<Pattern> SPELLINGS = List.of(Pattern.compile("(?:(?i:sha-?256)[:=-])?" + HEX),
            Pattern.compile(HEX + "\\s+\\*?(?<file>\\S.*)"),
            Pattern.compile("SHA2?-?256 ?\\((?<file>.+)\\) ?= ?" + HEX));

    /** The key of a digest that does not say of which file it is. */
    private static final String UNNAMED = "";

    private final Map<String, String> digests = new HashMap<>();

    private Checksums() {
    }

    static Checksums of(ObjectNode metadata) throws ModelLoadException {
        Checksums checksums = new Checksums();
        for (Map.Entry<String, JsonNode> field : metadata.properties()) {
            if (FIELD.matcher(field.getKey()).matches()) {
                checksums.read(field.getKey(), field.getValue());
            }
        }
        return checksums;
    }

    private void read(String field, JsonNode value) throws ModelLoadException {
        if (value.isObject()) {
            for (Map.Entry<String, JsonNode> file : value.properties()) {
                add(field + "." + file.getKey(), file.getKey(), file.getValue());
            }
        }
        else {
            add(field, UNNAMED, value);
        }
    }

    private void add(String field, String file, JsonNode value) throws ModelLoadException {
        if (value.isNull()) {
            return;
        }
        Optional<Matcher> spelling = value.isString() ? spelling(value.asString().strip()) : Optional.empty();
        if (spelling.isEmpty()) {
            throw new ModelLoadException(
                    "metadata.json: %s must be a SHA-256 of 64 hexadecimal digits, not %s; sha256sum prints it"
                        .formatted(field, shortened(value.toString())));
        }
        String of = file.equals(UNNAMED) ? fileOf(spelling.get()) : file;
        String digest = spelling.get().group("hex").toLowerCase(Locale.ROOT);
        String other = digests.put(lastSegment(of), digest);
        if (other != null && !other.equals(digest)) {
            throw new ModelLoadException("metadata.json gives two SHA-256 digests of " + lastSegment(of));
        }
    }

    private static Optional<Matcher> spelling(String text) {
        return SPELLINGS.stream().map((pattern) -> pattern.matcher(text)).filter(Matcher::matches).findFirst();
    }

    private static String fileOf(Matcher spelling) {
        return spelling.namedGroups().containsKey("file") ? spelling.group("file").strip() : UNNAMED;
    }

    private static String shortened(String value) {
        return (value.length() <= 80) ? value : value.substring(0, 80) + "…";
    }

    /** Tools name files as they were called, with their folders. */
    private static String lastSegment(String path) {
        return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    }

    /**
     * Finds the digest of a file that is not a model.
     * @param name e.g. {@code sample.json}
     * @return the digest, 64 lower-case hexadecimal digits; empty if none is given
     */
    public Optional<String> of(String name) {
        return Optional.ofNullable(digests.get(name));
    }

    /**
     * Finds the digest of a model file. One that names no file is that of the only model
     * file, or of the one that takes precedence.
     * @param engine what runs the file
     * @param there the engines whose files the version has, in their precedence
     * @return the digest, 64 lower-case hexadecimal digits; empty if none is given
     */
    public Optional<String> of(Engine engine, List<Engine> there) {
        String digest = digests.get(engine.fileName());
        boolean isUnnamedOne = there.getFirst().equals(engine);
        return Optional.ofNullable((digest == null && isUnnamedOne) ? digests.get(UNNAMED) : digest);
    }

    /**
     * {@return whether the metadata gives any digest}
     */
    public boolean areGiven() {
        return !digests.isEmpty();
    }

    /**
     * Expects that a file is the one whose digest is given.
     * @param name of the file
     * @param expected its digest in {@code metadata.json}
     * @param actual its digest, of the same spelling
     * @throws ModelLoadException if they differ
     */
    public static void expectEqual(String name, String expected, String actual) throws ModelLoadException {
        if (!expected.equals(actual)) {
            throw new ModelLoadException("the sha256 of %s is %s, metadata.json says %s: copy the file again"
                .formatted(name, actual, expected));
        }
    }

    /**
     * Expects that what is given protects what is loaded.
     * @param there the engines whose files the version has, in their precedence
     * @throws ModelLoadException if digests are given, and none is of a file that is
     * there
     */
    public void expectToFit(List<Engine> there) throws ModelLoadException {
        if (areGiven() && there.stream().noneMatch((engine) -> of(engine, there).isPresent())) {
            throw new ModelLoadException(
                    "metadata.json gives the sha256 of %s, but not of %s: add that, or take sha256 out".formatted(
                            String.join(", ", digests.keySet().stream().sorted().toList()),
                            there.getFirst().fileName()));
        }
    }

}

package io.modelserver.security;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A file of keys, one per line: a name, scopes separated by commas, and the SHA-256 of
 * the key in hexadecimal, separated by blanks. Empty lines and lines that begin with
 * {@code #} do not count.
 */
public final class KeyFile {

    /** The author of changes without a key, so that no key may have this name. */
    public static final String LOCAL = "local";

    private static final int LARGEST_BYTES = 1 << 20;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    private final Path path;

    /**
     * Refers to a file, which need not exist.
     * @param path the file
     */
    public KeyFile(Path path) {
        this.path = path;
    }

    /**
     * Reads the file.
     * @return its keys, or why it can't be used
     */
    public KeyFileContent read() {
        if (!Files.isRegularFile(path)) {
            return mistake(Files.exists(path) ? "is not a file" : "does not exist");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path)) {
            bytes = in.readNBytes(LARGEST_BYTES + 1);
        }
        catch (IOException ex) {
            return mistake("can't be read");
        }
        if (bytes.length > LARGEST_BYTES) {
            return mistake("is larger than 1 MB");
        }
        try {
            return parse(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        }
        catch (CharacterCodingException ex) {
            return mistake("is not UTF-8 text");
        }
    }

    private KeyFileContent parse(String text) {
        List<ApiKey> keys = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        int number = 0;
        for (String line : text.lines().map(String::strip).toList()) {
            number++;
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] parts = line.split("\\s+", -1);
            String wrong = wrongIn(parts);
            if (wrong == null && !(seen.add(parts[0]) && seen.add(parts[2]))) {
                wrong = "the name or the key is already in use";
            }
            if (wrong != null) {
                return mistake("line %d: %s".formatted(number, wrong));
            }
            keys.add(new ApiKey(parts[0], scopes(parts[1]), parts[2]));
        }
        return new KeyFileContent.Keys(List.copyOf(keys));
    }

    private static @Nullable String wrongIn(String[] parts) {
        if (parts.length != 3) {
            return "expected a name, scopes separated by commas, and a SHA-256, not %d words".formatted(parts.length);
        }
        if (!NAME.matcher(parts[0]).matches()) {
            return "expected a name of at most 64 of A-Z a-z 0-9 . _ @ -";
        }
        if (parts[0].equals(LOCAL)) {
            return "'%s' stands for changes without a key and can't be the name of one".formatted(LOCAL);
        }
        if (scopes(parts[1]).isEmpty()) {
            return "expected one or more of the scopes admin, outcome, predict, separated by commas";
        }
        return SHA_256.matcher(parts[2]).matches() ? null
                : "expected the SHA-256 of the key as 64 digits of 0-9 a-f (tools/new_api_key.sh prints such a line)";
    }

    /** Empty if one of them is not a scope. */
    private static Set<Scope> scopes(String text) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (String label : text.split(",", -1)) {
            if (Scope.of(label).map(scopes::add).isEmpty()) {
                return Set.of();
            }
        }
        return Set.copyOf(scopes);
    }

    private KeyFileContent.Mistake mistake(String what) {
        return new KeyFileContent.Mistake("the file of API keys, %s, %s%s".formatted(path,
                what.startsWith("line") ? "can't be used: " : "", what));
    }

    /**
     * {@return whether users of this host who are neither the owner nor of the group may
     * read the file}
     */
    boolean isReadableByOthers() {
        try {
            return Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_READ);
        }
        catch (IOException | UnsupportedOperationException ex) {
            return false;
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }

}

package io.modelserver.engine;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import io.modelserver.inference.ModelId;

/**
 * The bytes of a model file, read once: what was checked is what is loaded.
 */
public final class ModelArtifact {

    private static final int PIECE = 1 << 14;

    private final ModelId id;

    private final byte[] bytes;

    private final String sha256;

    /**
     * Takes the bytes without copying them.
     * @param id the version that the file belongs to
     * @param bytes the whole file
     */
    public ModelArtifact(ModelId id, byte[] bytes) {
        this.id = id;
        this.bytes = bytes;
        this.sha256 = sha256(bytes);
    }

    /**
     * {@return the version that the file belongs to}
     */
    public ModelId id() {
        return id;
    }

    /**
     * {@return the whole file; not to be changed}
     */
    public byte[] bytes() {
        return bytes;
    }

    /**
     * {@return the SHA-256 of the file, in lower-case hexadecimal}
     */
    public String sha256() {
        return sha256;
    }

    private static String sha256(byte[] bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            // In pieces, because the JVM can't replace a call by a faster one while it
            // runs.
            for (int from = 0; from < bytes.length; from += PIECE) {
                digest.update(bytes, from, Math.min(PIECE, bytes.length - from));
            }
            return HexFormat.of().formatHex(digest.digest());
        }
        catch (NoSuchAlgorithmException ex) {
            throw new IllegalStateException("every JDK has SHA-256", ex);
        }
    }

}

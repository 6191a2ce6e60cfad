package io.modelserver.model;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, which every JDK has. */
public final class Sha256 {

    private static final int PIECE = 1 << 14;

    private Sha256() {
    }

    /**
     * {@return the hash of some bytes, 64 lower-case hexadecimal digits}
     * @param bytes the bytes
     */
    public static String hex(byte[] bytes) {
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

package io.modelserver.registry.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * A model file that was damaged on its way: cut off, with flipped bits, with a run of
 * zeros, or with two blocks that changed places.
 */
final class Mutant {

    private static final int BLOCK = 4096;

    private final Kind kind;

    private final byte[] bytes;

    private Mutant(Kind kind, byte[] bytes) {
        this.kind = kind;
        this.bytes = bytes;
    }

    Kind kind() {
        return kind;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Follows from its number, and is never the same as the original. */
    static Mutant of(byte[] original, long number) {
        SplittableRandom random = new SplittableRandom(number);
        Kind kind = Kind.values()[(int) (number % Kind.values().length)];
        byte[] bytes;
        do {
            bytes = damaged(original.clone(), kind, random);
        }
        while (Arrays.equals(bytes, original));
        return new Mutant(kind, bytes);
    }

    private static byte[] damaged(byte[] bytes, Kind kind, SplittableRandom random) {
        switch (kind) {
            case TRUNCATED -> {
                // As often by little as by much.
                int cut = 1 + random.nextInt(1 << random.nextInt(1, 31 - Integer.numberOfLeadingZeros(bytes.length)));
                return Arrays.copyOf(bytes, bytes.length - cut);
            }
            case BITS_FLIPPED -> {
                for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            case ZEROED -> {
                int from = random.nextInt(bytes.length);
                Arrays.fill(bytes, from, Math.min(bytes.length, from + 1 + random.nextInt(BLOCK)), (byte) 0);
            }
            case BLOCKS_SWAPPED -> {
                int size = Math.min(BLOCK, bytes.length / 4);
                int blocks = bytes.length / size;
                int one = random.nextInt(blocks) * size;
                int other = random.nextInt(blocks) * size;
                byte[] kept = Arrays.copyOfRange(bytes, one, one + size);
                System.arraycopy(bytes, other, bytes, one, size);
                System.arraycopy(kept, 0, bytes, other, size);
            }
        }
        return bytes;
    }

    /**
     * {@return whether the zip's own CRC-32s, one an entry, would have told; they cover
     * no header and no padding}
     */
    boolean isToldByChecksums() {
        return isToldByChecksums(bytes);
    }

    static boolean isToldByChecksums(byte[] bytes) {
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            int entries = 0;
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                zip.transferTo(OutputStream.nullOutputStream());
                entries++;
            }
            return entries == 0;
        }
        catch (IOException | IllegalArgumentException ex) {
            return true;
        }
    }

    enum Kind {

        TRUNCATED, BITS_FLIPPED, ZEROED, BLOCKS_SWAPPED

    }

}

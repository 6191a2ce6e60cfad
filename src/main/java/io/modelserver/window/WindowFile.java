package io.modelserver.window;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

import io.modelserver.storage.AtomicFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the windows over a restart: one file, checksummed and replaced as a whole. A file
 * that is broken is ignored, and so are windows that the next step would restart anyway.
 * Times in it are those of the wall clock; a clock that was corrected meanwhile makes a
 * window seem older, never younger than it is written.
 */
public final class WindowFile implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(WindowFile.class);

    private static final int MAGIC = 0x4d535744;

    private static final int FORMAT = 2;

    /** As earlier versions of the server wrote it. */
    private static final int FORMAT_WITHOUT_PERIODS = 1;

    private static final int MOST_NUMBERS = 1 << 24;

    private final Path path;

    private @Nullable FileLock lock;

    /**
     * Refers to the file, which need not exist.
     * @param path where it lies; its folder is made when it is acquired
     */
    public WindowFile(Path path) {
        this.path = path;
    }

    /**
     * Locks the file for this process.
     * @return false if another process has it
     * @throws IOException if the folder can't be written
     */
    public boolean acquire() throws IOException {
        Files.createDirectories(path.toAbsolutePath().resolveSibling(""));
        FileChannel channel = FileChannel.open(path.resolveSibling(path.getFileName() + ".lock"),
                StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            lock = channel.tryLock();
        }
        catch (OverlappingFileLockException ex) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
        }
        return lock != null;
    }

    /** Releases the lock. */
    @Override
    public void close() throws IOException {
        if (lock != null) {
            lock.acquiredBy().close();
            lock = null;
        }
    }

    /**
     * Writes all windows, each as it is at some instant.
     * @param store the windows
     * @param now the present
     * @throws IOException if they could not be written; the old file is still there
     */
    public void write(WindowStore store, Now now) throws IOException {
        new AtomicFile(path).write((out) -> write(store, out, now));
    }

    private static void write(WindowStore store, OutputStream target, Now now) throws IOException {
        CheckedOutputStream checked = new CheckedOutputStream(new BufferedOutputStream(target, 1 << 16), new CRC32C());
        DataOutputStream out = new DataOutputStream(checked);
        List<Map.Entry<SeriesKey, RollingWindow>> windows = new ArrayList<>(store.windows().entrySet());
        out.writeInt(MAGIC);
        out.writeInt(FORMAT);
        out.writeInt(windows.size());
        for (Map.Entry<SeriesKey, RollingWindow> entry : windows) {
            writeWindow(out, entry.getValue().save(entry.getKey(), now));
        }
        out.writeLong(checked.getChecksum().getValue());
        out.flush();
    }

    private static void writeWindow(DataOutputStream out, SavedWindow window) throws IOException {
        SeriesKey key = window.key();
        out.writeUTF(key.symbol());
        writeOptional(out, key.timeframe());
        writeOptional(out, key.windowKey());
        out.writeInt(key.schema().steps());
        out.writeInt(key.schema().features());
        out.writeUTF(key.schema().names());
        out.writeLong(window.arrivalMillis());
        out.writeBoolean(window.timestampMillis().isPresent());
        out.writeLong(window.timestampMillis().orElse(0));
        out.writeLong(window.periodBefore());
        out.writeInt(window.distances().length);
        for (long distance : window.distances()) {
            out.writeLong(distance);
        }
        ByteBuffer bytes = ByteBuffer.allocate(window.steps().length * Float.BYTES);
        bytes.asFloatBuffer().put(window.steps());
        out.writeInt(window.steps().length);
        out.write(bytes.array());
    }

    private static void writeOptional(DataOutputStream out, @Nullable String text) throws IOException {
        out.writeBoolean(text != null);
        out.writeUTF((text != null) ? text : "");
    }

    /**
     * Reads the windows that are still of use into a store.
     * @param store where they go
     * @param now the present
     */
    public void read(WindowStore store, Now now) {
        if (!Files.exists(path)) {
            return;
        }
        try {
            // Nothing is trusted before the checksum at the end has been verified, and
            // windows may fill half the heap.
            readAll((window) -> {
            });
            readAll((window) -> store.restore(window, now));
            logger.info("Restored {} windows from {}", store.size(), path);
        }
        catch (IOException | RuntimeException ex) {
            logger.warn("The windows in {} can't be used and are ignored: {}", path, ex.getMessage());
        }
    }

    private void readAll(Consumer<SavedWindow> each) throws IOException {
        try (CheckedInputStream checked = new CheckedInputStream(
                new BufferedInputStream(Files.newInputStream(path), 1 << 16), new CRC32C());
                DataInputStream in = new DataInputStream(checked)) {
            int magic = in.readInt();
            int format = in.readInt();
            if (magic != MAGIC || (format != FORMAT && format != FORMAT_WITHOUT_PERIODS)) {
                throw new IOException("it is not a windows file of this format");
            }
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                each.accept(readWindow(in, format == FORMAT));
            }
            long expected = checked.getChecksum().getValue();
            if (in.readLong() != expected || in.read() >= 0) {
                throw new IOException("its checksum is wrong");
            }
        }
    }

    private static SavedWindow readWindow(DataInputStream in, boolean withPeriods) throws IOException {
        String symbol = in.readUTF();
        String timeframe = withPeriods ? readOptional(in) : null;
        String windowKey = withPeriods ? readOptional(in) : null;
        WindowSchema schema = new WindowSchema(in.readInt(), in.readInt(), in.readUTF());
        if (schema.steps() < 1 || schema.features() < 1 || (long) schema.steps() * schema.features() > MOST_NUMBERS) {
            throw impossible();
        }
        long arrival = in.readLong();
        boolean timed = in.readBoolean();
        long timestamp = in.readLong();
        long periodBefore = withPeriods ? in.readLong() : 0;
        long[] distances = withPeriods ? readDistances(in, schema) : new long[0];
        float[] steps = readSteps(in, schema);
        return new SavedWindow(new SeriesKey(symbol, timeframe, windowKey, schema),
                new Step(steps, timed ? OptionalLong.of(timestamp) : OptionalLong.empty()), arrival, periodBefore,
                distances);
    }

    private static @Nullable String readOptional(DataInputStream in) throws IOException {
        boolean present = in.readBoolean();
        String text = in.readUTF();
        return present ? text : null;
    }

    private static long[] readDistances(DataInputStream in, WindowSchema schema) throws IOException {
        int length = in.readInt();
        if (length < 0 || (long) length * Long.BYTES > Spacing.bytes(schema.steps())) {
            throw impossible();
        }
        long[] distances = new long[length];
        for (int i = 0; i < length; i++) {
            distances[i] = in.readLong();
        }
        return distances;
    }

    private static float[] readSteps(DataInputStream in, WindowSchema schema) throws IOException {
        int length = in.readInt();
        if (length < 0 || length % schema.features() != 0 || length / schema.features() > schema.steps()) {
            throw impossible();
        }
        float[] steps = new float[length];
        byte[] bytes = in.readNBytes(length * Float.BYTES);
        if (bytes.length < length * Float.BYTES) {
            throw new IOException("it ends early");
        }
        ByteBuffer.wrap(bytes).asFloatBuffer().get(steps);
        return steps;
    }

    private static IOException impossible() {
        return new IOException("a window has an impossible size");
    }

}

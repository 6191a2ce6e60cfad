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
 * that is broken is ignored, and so are windows that the next step would start anew
 * anyway.
 */
public final class WindowFile implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(WindowFile.class);

    private static final int MAGIC = 0x4d535744;

    private static final int FORMAT = 1;

    private static final int MOST_NUMBERS = 1 << 24;

    private final Path path;

    private @Nullable FileLock lock;

    /**
     * Names the file, which need not exist.
     * @param path where it lies; its folder is made when it is acquired
     */
    public WindowFile(Path path) {
        this.path = path;
    }

    /**
     * Takes the file for this process.
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

    /** Lets another process have the file. */
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
     * @throws IOException if they could not be written; the old file is still there
     */
    public void write(WindowStore store) throws IOException {
        new AtomicFile(path).write((out) -> write(store, out));
    }

    private static void write(WindowStore store, OutputStream target) throws IOException {
        CheckedOutputStream checked = new CheckedOutputStream(new BufferedOutputStream(target, 1 << 16), new CRC32C());
        DataOutputStream out = new DataOutputStream(checked);
        List<Map.Entry<WindowStore.Key, RollingWindow>> windows = new ArrayList<>(store.windows().entrySet());
        out.writeInt(MAGIC);
        out.writeInt(FORMAT);
        out.writeInt(windows.size());
        for (Map.Entry<WindowStore.Key, RollingWindow> entry : windows) {
            writeWindow(out, entry.getKey(), entry.getValue());
        }
        out.writeLong(checked.getChecksum().getValue());
        out.flush();
    }

    private static void writeWindow(DataOutputStream out, WindowStore.Key key, RollingWindow window)
            throws IOException {
        synchronized (window) {
            float[] steps = window.steps();
            ByteBuffer bytes = ByteBuffer.allocate(steps.length * Float.BYTES);
            bytes.asFloatBuffer().put(steps);
            out.writeUTF(key.symbol());
            out.writeInt(key.schema().steps());
            out.writeInt(key.schema().features());
            out.writeUTF(key.schema().names());
            out.writeLong(window.lastArrivalMillis());
            out.writeBoolean(window.lastTimestampMillis().isPresent());
            out.writeLong(window.lastTimestampMillis().orElse(0));
            out.writeInt(steps.length);
            out.write(bytes.array());
        }
    }

    /**
     * Reads the windows that are still of use into a store.
     * @param store where they go
     * @param nowMillis the present, milliseconds since 1970
     */
    public void read(WindowStore store, long nowMillis) {
        if (!Files.exists(path)) {
            return;
        }
        try {
            // Nothing is believed before the checksum at the end has been seen, and
            // windows may fill half the heap.
            readAll((window) -> {
            });
            readAll((window) -> {
                if (nowMillis - window.arrivalMillis() <= store.settings().maxGapMillis()) {
                    store.restore(window.symbol(), window.schema(), window.steps(), window.timestampMillis(),
                            window.arrivalMillis(), nowMillis);
                }
            });
            logger.info("{} windows are back from {}", store.size(), path);
        }
        catch (IOException | RuntimeException ex) {
            logger.warn("the windows in {} can't be used and are ignored: {}", path, ex.getMessage());
        }
    }

    private void readAll(Consumer<Saved> each) throws IOException {
        try (CheckedInputStream checked = new CheckedInputStream(
                new BufferedInputStream(Files.newInputStream(path), 1 << 16), new CRC32C());
                DataInputStream in = new DataInputStream(checked)) {
            if (in.readInt() != MAGIC || in.readInt() != FORMAT) {
                throw new IOException("it is no file of windows of this format");
            }
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                each.accept(readWindow(in));
            }
            long expected = checked.getChecksum().getValue();
            if (in.readLong() != expected || in.read() >= 0) {
                throw new IOException("its checksum is wrong");
            }
        }
    }

    private static Saved readWindow(DataInputStream in) throws IOException {
        String symbol = in.readUTF();
        WindowSchema schema = new WindowSchema(in.readInt(), in.readInt(), in.readUTF());
        long arrival = in.readLong();
        boolean timed = in.readBoolean();
        long timestamp = in.readLong();
        int length = in.readInt();
        if (schema.steps() < 1 || schema.features() < 1 || length < 0 || length > MOST_NUMBERS
                || length % schema.features() != 0 || length / schema.features() > schema.steps()) {
            throw new IOException("a window has an impossible size");
        }
        float[] steps = new float[length];
        byte[] bytes = in.readNBytes(length * Float.BYTES);
        if (bytes.length < length * Float.BYTES) {
            throw new IOException("it ends early");
        }
        ByteBuffer.wrap(bytes).asFloatBuffer().get(steps);
        return new Saved(symbol, schema, new Step(steps, timed ? OptionalLong.of(timestamp) : OptionalLong.empty()),
                arrival);
    }

    /**
     * A window as the file has it; its step holds all of its steps and the time of the
     * last.
     */
    private record Saved(String symbol, WindowSchema schema, Step content, long arrivalMillis) {

        float[] steps() {
            return content.values();
        }

        OptionalLong timestampMillis() {
            return content.timestampMillis();
        }

    }

}

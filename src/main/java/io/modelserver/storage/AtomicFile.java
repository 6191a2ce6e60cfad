package io.modelserver.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a file so that a reader, or a crash at any instant, sees the old content or
 * the new, never a part. Not for two writers of one file at a time.
 */
public final class AtomicFile {

    private final Path path;

    /**
     * Refers to a file, which need not exist.
     * @param path the file; its folder must exist when it is written
     */
    public AtomicFile(Path path) {
        this.path = path;
    }

    /**
     * Replaces the file.
     * @param content the new content
     * @throws IOException if it could not be written; the old file is still there
     */
    public void write(byte[] content) throws IOException {
        write((out) -> out.write(content));
    }

    /**
     * Replaces the file without holding its content in memory.
     * @param writer writes the new content
     * @throws IOException if it could not be written; the old file is still there
     */
    public void write(Writer writer) throws IOException {
        try (Prepared prepared = prepare(writer)) {
            prepared.commit();
        }
    }

    /**
     * Writes the new content next to the old, so that the space for it is taken and only
     * a rename is left to do.
     * @param writer writes the new content
     * @return what is to be committed; closing it without that leaves the old file
     * @throws IOException if it could not be written; the old file is still there
     */
    public Prepared prepare(Writer writer) throws IOException {
        Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            OutputStream out = Channels.newOutputStream(channel);
            writer.write(out);
            out.flush();
            channel.force(true);
        }
        catch (IOException | RuntimeException ex) {
            Files.deleteIfExists(temporary);
            throw ex;
        }
        return new Prepared(temporary, path);
    }

    /**
     * The rename itself is durable only once the folder is; Windows can't open folders,
     * and needs no such step.
     */
    static void sync(Path folder) throws IOException {
        if (!System.getProperty("os.name").startsWith("Windows")) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Writes a content. */
    @FunctionalInterface
    public interface Writer {

        /**
         * Writes all of it.
         * @param out where it goes; need not be closed
         * @throws IOException if it can't be written
         */
        void write(OutputStream out) throws IOException;

    }

    /** A content that is written but not yet in its place. */
    public static final class Prepared implements AutoCloseable {

        private static final Logger logger = LoggerFactory.getLogger(Prepared.class);

        private final Path temporary;

        private final Path path;

        private Prepared(Path temporary, Path path) {
            this.temporary = temporary;
            this.path = path;
        }

        /**
         * Moves the new content into place, durably.
         * @throws IOException if the old file is still there, or if the new one is there
         * but may not survive a power failure
         */
        public void commit() throws IOException {
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            sync(path.resolveSibling(""));
        }

        /** A file that can't be deleted is overwritten the next time. */
        @Override
        public void close() {
            try {
                Files.deleteIfExists(temporary);
            }
            catch (IOException ex) {
                logger.debug("{} is left behind", temporary, ex);
            }
        }

    }

}

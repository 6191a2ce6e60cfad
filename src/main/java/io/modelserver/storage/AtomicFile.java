package io.modelserver.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Replaces a file so that a reader, or a crash at any instant, sees the old content or
 * the new, never a part. Not for two writers of one file at a time.
 */
public final class AtomicFile {

    private final Path path;

    /**
     * Names a file, which need not exist.
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
        Path folder = path.resolveSibling("");
        Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                OutputStream out = Channels.newOutputStream(channel);
                writer.write(out);
                out.flush();
                channel.force(true);
            }
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        finally {
            Files.deleteIfExists(temporary);
        }
        sync(folder);
    }

    /**
     * The rename itself is durable only once the folder is; Windows can't open folders,
     * and needs no such step.
     */
    private static void sync(Path folder) throws IOException {
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

}

package io.modelserver.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A text file to which whole lines are added. A line is durable when {@link #append}
 * returns; one that a crash cut short is a line of its own that readers must skip. Not
 * for two writers of one file at a time.
 */
public final class AppendOnlyFile {

    private static final int MOST_READ = 4 << 20;

    private final Path path;

    /**
     * Refers to a file, which need not exist.
     * @param path the file; its folder must exist when it is written
     */
    public AppendOnlyFile(Path path) {
        this.path = path;
    }

    /**
     * Adds a line.
     * @param line without a line break
     * @throws IOException if it could not be written; the file is as it was
     */
    public void append(String line) throws IOException {
        expectRegularFile();
        boolean isNew = !Files.exists(path);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            long size = channel.size();
            try {
                String begin = endsWithin(channel, size) ? "\n" : "";
                ByteBuffer bytes = ByteBuffer.wrap((begin + line + "\n").getBytes(StandardCharsets.UTF_8));
                channel.position(size);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            catch (IOException ex) {
                channel.truncate(size);
                throw ex;
            }
        }
        if (isNew) {
            AtomicFile.sync(path.resolveSibling(""));
        }
    }

    private static boolean endsWithin(FileChannel channel, long size) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        return size > 0 && channel.read(last, size - 1) == 1 && last.get(0) != '\n';
    }

    /**
     * {@return the lines, none if there is no file; of a very large file, the last ones}
     * @throws IOException if it can't be read
     */
    public List<String> lines() throws IOException {
        expectRegularFile();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long start = Math.max(0, channel.size() - MOST_READ);
            byte[] bytes = Channels.newInputStream(channel.position(start)).readNBytes(MOST_READ);
            List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
            return (start > 0) ? lines.subList(Math.min(1, lines.size()), lines.size()) : lines;
        }
        catch (NoSuchFileException ex) {
            return List.of();
        }
    }

    /** Opening a pipe waits for its other end. */
    private void expectRegularFile() throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(path.getFileName() + " is not a regular file");
        }
    }

}

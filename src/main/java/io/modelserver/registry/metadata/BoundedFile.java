package io.modelserver.registry.metadata;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

import io.modelserver.engine.ModelLoadException;

/**
 * A file of a version that is read into memory as a whole, and so may not be larger than
 * a limit.
 *
 * @param path where it is
 * @param name what messages call it
 * @param root the registry
 * @param largestBytes the limit
 */
public record BoundedFile(Path path, String name, Path root, long largestBytes) {

    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 16;

    /**
     * Looks at the file without reading it.
     * @return the same file without links on the way to it
     * @throws ModelLoadException if it is missing, outside the registry, not a regular
     * file, empty or too large
     */
    public BoundedFile checked() throws ModelLoadException {
        Path real = realPath();
        try {
            if (!Files.isRegularFile(real)) {
                throw new ModelLoadException(name + " is not a regular file");
            }
            long size = Files.size(real);
            if (size == 0 || size > largestBytes) {
                throw new ModelLoadException("%s has %d bytes, expected 1 to %d".formatted(name, size, largestBytes));
            }
            return new BoundedFile(real, name, root, largestBytes);
        }
        catch (IOException ex) {
            throw new ModelLoadException(name + " can't be read", ex);
        }
    }

    /**
     * Follows links, by the one rule for all files of a version: they may lead to any
     * file of the registry, such as one of another version, but not out of it, where
     * nobody knows who changes it.
     * @return the same place without links on the way to it
     * @throws ModelLoadException if nothing is there, or it is outside the registry
     */
    public Path realPath() throws ModelLoadException {
        try {
            if (!Files.exists(path)) {
                throw new ModelLoadException(name + (Files.isSymbolicLink(path)
                        ? " is a link to something that is not there: copy the file itself" : " is missing"));
            }
            Path real = path.toRealPath();
            if (!real.startsWith(root.toRealPath())) {
                throw new ModelLoadException(name + " is a link out of the registry: copy the file itself");
            }
            return real;
        }
        catch (IOException ex) {
            throw new ModelLoadException(name + " can't be read", ex);
        }
    }

    /**
     * Reads the file once, as it is now.
     * @return all of its bytes
     * @throws ModelLoadException if it can't be read, or has grown beyond the limit
     */
    public byte[] bytes() throws ModelLoadException {
        int limit = (int) Math.min(largestBytes, LARGEST_ARRAY);
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(limit);
            if (in.read() >= 0) {
                throw new ModelLoadException(name + " grew while it was read");
            }
            return bytes;
        }
        catch (IOException ex) {
            throw new ModelLoadException(name + " can't be read", ex);
        }
    }

}

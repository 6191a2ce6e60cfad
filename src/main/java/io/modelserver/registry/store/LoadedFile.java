package io.modelserver.registry.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

import org.apache.commons.codec.digest.DigestUtils;

/**
 * A model file as it was when it was loaded.
 *
 * @param path where it was
 * @param identity its {@link FileIdentity} just before it was read
 * @param sha256 of the bytes that were read, in lower-case hexadecimal
 */
public record LoadedFile(Path path, String identity, String sha256) {

    /**
     * {@return the last part of the path}
     */
    public String name() {
        return String.valueOf(path.getFileName());
    }

    /**
     * {@return whether the file has the bytes that were loaded; reads all of it}
     * @throws IOException if it can't be read
     */
    public boolean isSameOnDisk() throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return DigestUtils.sha256Hex(in).equals(sha256);
        }
    }

}

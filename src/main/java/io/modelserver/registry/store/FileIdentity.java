package io.modelserver.registry.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Compares a file's attributes to find out whether it is still the one that was seen
 * before. A copy may keep size and time of the file that it replaces; it then has another
 * inode, or the time of its last change of any kind, which nobody can set, is another.
 * Where the system has neither, size and time have to do.
 */
public final class FileIdentity {

    private static final String UNIX = "unix:ino,ctime";

    private static final String CHANGED = "unix:ctime";

    private static final String MISSING = "-";

    private FileIdentity() {
    }

    /**
     * {@return a text that changes when the file does, or is replaced, or can be read no
     * more}
     * @param file which need not exist
     */
    public static String of(Path file) {
        try {
            Map<String, Object> attributes = Files.readAttributes(file, UNIX);
            Object changed = attributes.get("ctime");
            return "%s#%s.%s".formatted(sizeAndTime(file), attributes.get("ino"),
                    (changed instanceof FileTime time) ? time.to(TimeUnit.NANOSECONDS) : MISSING);
        }
        catch (UnsupportedOperationException | IllegalArgumentException ex) {
            return sizeAndTime(file);
        }
        catch (IOException ex) {
            return MISSING;
        }
    }

    /**
     * {@return when the file was changed or put there, in milliseconds since the epoch: a
     * copy may keep the time of the original, but not that of its last change of any
     * kind}
     */
    static long lastChangeMillis(Path file) throws IOException {
        long modified = Files.getLastModifiedTime(file).toMillis();
        try {
            return (Files.getAttribute(file, CHANGED) instanceof FileTime changed)
                    ? Math.max(modified, changed.toMillis()) : modified;
        }
        catch (UnsupportedOperationException | IllegalArgumentException ex) {
            return modified;
        }
    }

    /**
     * {@return what is also the same after a restart in another container or on another
     * mount, where inodes differ}
     */
    static String sizeAndTime(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.size() + "@" + attributes.lastModifiedTime().toMillis()
                    + (Files.isReadable(file) ? "" : "!");
        }
        catch (IOException ex) {
            return MISSING;
        }
    }

}

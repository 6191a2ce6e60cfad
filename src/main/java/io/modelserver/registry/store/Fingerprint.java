package io.modelserver.registry.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.modelserver.model.ModelId;
import org.jspecify.annotations.Nullable;

/** Tells by the attributes of a version's files whether they have changed. */
final class Fingerprint {

    private final Path folder;

    private final List<String> names;

    /**
     * Takes the names.
     * @param folder of the version
     * @param names of the files that make it, there or not
     */
    Fingerprint(Path folder, List<String> names) {
        this.folder = folder;
        this.names = names;
    }

    /**
     * {@return a text that changes when a file does, or is replaced}
     */
    String all() {
        return of(names, FileIdentity::of);
    }

    /**
     * {@return the same by what survives a restart elsewhere}
     * @param of tells that of one file
     */
    String lasting(Function<Path, String> of) {
        return of(names, of);
    }

    /**
     * {@return the same without one file, of which only counts whether it is there}
     */
    String without(String name) {
        return of(names.stream().filter((other) -> !other.equals(name)).toList(), FileIdentity::of)
                + (Files.exists(folder.resolve(name)) ? "" : " no metadata");
    }

    private String of(List<String> files, Function<Path, String> of) {
        return files.stream().map(folder::resolve).map(of).collect(Collectors.joining(" "));
    }

    /** When the last of the files was changed, in milliseconds since the epoch. */
    long lastChangeMillis() {
        return names.stream().mapToLong((name) -> lastChangeMillis(folder.resolve(name))).max().orElse(0);
    }

    private static long lastChangeMillis(Path file) {
        try {
            return FileIdentity.lastChangeMillis(file);
        }
        catch (IOException ex) {
            return 0;
        }
    }

    /**
     * What was read of versions' files, which is read again once these have changed. A
     * file system may count time in steps, so that a file can change and look the same:
     * what has changed just now is not kept. Used by any number of threads.
     *
     * @param <T> what is kept of a version
     */
    static final class Memory<T> {

        private static final int MOST_KEPT = 10_000;

        /** Longer than the steps of any file system's clock. */
        private static final long SETTLED_MILLIS = 2_500;

        private final LongSupplier millis;

        private final Map<ModelId, Kept<T>> kept = new ConcurrentHashMap<>();

        /**
         * Remembers nothing yet.
         * @param millis the time, which those of files are compared with
         */
        Memory(LongSupplier millis) {
            this.millis = millis;
        }

        /**
         * Tells what is in the files now.
         * @param id the version
         * @param print of its files
         * @param circumstances what else decides about the result
         * @param reader reads the files
         * @param isKept whether a result follows from the files and circumstances alone
         * @return what the reader says, or said of the same files
         */
        T of(ModelId id, Fingerprint print, List<? extends @Nullable Object> circumstances, Supplier<T> reader,
                Predicate<T> isKept) {
            String files = print.all() + ' ' + FileIdentity.of(print.folder);
            Kept<T> before = kept.get(id);
            if (before != null && before.files.equals(files) && before.circumstances.equals(circumstances)) {
                return before.value;
            }
            T value = reader.get();
            long lastChange = Math.max(print.lastChangeMillis(), Fingerprint.lastChangeMillis(print.folder));
            if (isKept.test(value) && millis.getAsLong() - lastChange >= SETTLED_MILLIS) {
                if (kept.size() >= MOST_KEPT) {
                    kept.clear();
                }
                kept.put(id, new Kept<>(files, circumstances, value));
            }
            return value;
        }

        private static final class Kept<T> {

            private final String files;

            private final List<? extends @Nullable Object> circumstances;

            private final T value;

            Kept(String files, List<? extends @Nullable Object> circumstances, T value) {
                this.files = files;
                this.circumstances = circumstances;
                this.value = value;
            }

        }

    }

}

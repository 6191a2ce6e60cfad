package io.modelserver.security;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that are good now. Looking one up reads the file again if that was more than a
 * second ago, so that keys come and go without a restart; a file with a mistake in it
 * leaves the keys as they were. For any number of threads.
 */
public final class KeyRing {

    private static final Logger logger = LoggerFactory.getLogger(KeyRing.class);

    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int KEY_BYTES = 32;

    private final KeyFile file;

    private final LongSupplier nanoTime;

    private volatile List<ApiKey> keys = List.of();

    private volatile @Nullable ApiKey lent;

    private volatile long readNanos;

    /** Guarded by this, as all reading is. */
    private KeyFileContent last;

    /**
     * Reads the file.
     * @param file where the keys are
     * @param nanoTime the clock
     * @throws IllegalStateException if the file can't be used
     */
    public KeyRing(KeyFile file, LongSupplier nanoTime) {
        this.file = file;
        this.nanoTime = nanoTime;
        this.readNanos = nanoTime.getAsLong();
        this.last = file.read();
        if (last instanceof KeyFileContent.Mistake(String reason)) {
            throw new IllegalStateException(reason);
        }
        take(last);
    }

    /**
     * Finds out whose key it is.
     * @param key what a caller sent
     * @return what the server knows of it, or nothing if it is not good
     */
    public Optional<ApiKey> find(String key) {
        if (nanoTime.getAsLong() - readNanos >= INTERVAL_NANOS) {
            readAgain();
        }
        byte[] hash = ApiKey.hash(key);
        ApiKey found = null;
        // Always to the end, so that the time does not reveal the position of a key.
        for (ApiKey candidate : keys) {
            found = candidate.hasHash(hash) ? candidate : found;
        }
        ApiKey own = lent;
        return Optional.ofNullable((own != null && own.hasHash(hash)) ? own : found);
    }

    /**
     * Creates a key that is in no file, for the server's calls to itself.
     * @param name whose it is
     * @param scope what it is good for
     * @return the key, good until it is closed
     */
    public LentKey lend(String name, Scope scope) {
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        String key = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        lent = new ApiKey(name, Set.of(scope), HexFormat.of().formatHex(ApiKey.hash(key)));
        return new LentKey(key);
    }

    private synchronized void readAgain() {
        long now = nanoTime.getAsLong();
        if (now - readNanos < INTERVAL_NANOS) {
            return;
        }
        KeyFileContent content = file.read();
        if (!content.equals(last)) {
            last = content;
            take(content);
        }
        readNanos = now;
    }

    private void take(KeyFileContent content) {
        switch (content) {
            case KeyFileContent.Keys(List<ApiKey> found) -> {
                keys = found;
                logger.info("{} API key{} from {}: changes need one of scope admin", found.size(),
                        (found.size() == 1) ? "" : "s", file);
                if (file.isReadableByOthers()) {
                    logger.warn("{} can be read by every user of this host: chmod 600 it", file);
                }
            }
            case KeyFileContent.Mistake(String reason) ->
                logger.error("{}; keeping the previously loaded keys", reason);
        }
    }

    /** A key that is good until it is closed. */
    public final class LentKey implements AutoCloseable {

        private final String key;

        private LentKey(String key) {
            this.key = key;
        }

        /**
         * {@return what callers send}
         */
        public String key() {
            return key;
        }

        @Override
        public void close() {
            lent = null;
        }

    }

}

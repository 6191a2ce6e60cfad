package io.modelserver.config;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.modelserver.window.Now;
import io.modelserver.window.WindowFile;
import io.modelserver.window.WindowStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the windows before the port opens, writes them at intervals and after it has
 * closed, and drops idle ones.
 */
final class WindowKeeper extends StartupStep {

    private static final Logger logger = LoggerFactory.getLogger(WindowKeeper.class);

    private static final int OUTLIVES_THE_PORT = 0;

    private final WindowStore store;

    private final WindowFile file;

    private final Duration interval;

    private final Supplier<Now> now;

    private final ScheduledExecutorService timer = Executors
        .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("window-keeper").factory());

    private @Nullable ScheduledFuture<?> keeping;

    private volatile boolean persistent;

    WindowKeeper(WindowStore store, WindowFile file, Duration interval, Supplier<Now> now) {
        super(OUTLIVES_THE_PORT);
        this.store = store;
        this.file = file;
        this.interval = interval;
        this.now = now;
    }

    @Override
    void begin() {
        persistent = acquire();
        if (persistent) {
            file.read(store, now.get());
        }
        keeping = timer.scheduleWithFixedDelay(this::keep, interval.toMillis(), interval.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private boolean acquire() {
        try {
            if (file.acquire()) {
                return true;
            }
            logger.warn("another server keeps its windows in modelserver.window.file; this one's end with it");
        }
        catch (IOException ex) {
            logger.warn("the folder of modelserver.window.file can't be written; windows end with this server: {}",
                    ex.toString());
        }
        return false;
    }

    private void keep() {
        store.expireIdle(now.get());
        if (persistent) {
            try {
                file.write(store, now.get());
            }
            catch (IOException | RuntimeException ex) {
                logger.warn("the windows could not be written and would not survive a restart: {}", ex.toString());
            }
        }
    }

    @Override
    void end() {
        if (keeping != null) {
            keeping.cancel(false);
        }
        timer.close();
        keep();
        try {
            file.close();
        }
        catch (IOException ex) {
            logger.debug("the lock of the windows could not be released", ex);
        }
    }

}

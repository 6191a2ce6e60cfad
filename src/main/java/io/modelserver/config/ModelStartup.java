package io.modelserver.config;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

import io.modelserver.registry.ModelLifecycle;
import io.modelserver.registry.RegistryOverview;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Loads what is in production while everything else starts, and lets the port open when
 * it is ready.
 */
final class ModelStartup implements SmartLifecycle {

    private static final Logger logger = LoggerFactory.getLogger(ModelStartup.class);

    static final int BEFORE_THE_PORT_OPENS = 0;

    private final RegistryOverview overview;

    private final Path folder;

    private final CompletableFuture<Void> loaded;

    private volatile boolean running;

    ModelStartup(ModelLifecycle lifecycle, RegistryOverview overview, Path folder) {
        this.overview = overview;
        this.folder = folder;
        this.loaded = CompletableFuture.runAsync(() -> load(lifecycle),
                (task) -> Thread.ofPlatform().daemon().name("model-load").start(task));
    }

    private static void load(ModelLifecycle lifecycle) {
        try {
            lifecycle.loadProduction();
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void start() {
        loaded.join();
        overview.health().problems().forEach((problem) -> logger.warn("{} (looked in {})", problem, folder));
        running = true;
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return BEFORE_THE_PORT_OPENS;
    }

}

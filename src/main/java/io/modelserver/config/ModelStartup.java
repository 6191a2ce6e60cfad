package io.modelserver.config;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

import io.modelserver.registry.ModelLifecycle;
import io.modelserver.registry.RegistryOverview;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads what is in production beside the start of everything else, and lets the port open
 * when it is ready.
 */
final class ModelStartup extends StartupStep {

    private static final Logger logger = LoggerFactory.getLogger(ModelStartup.class);

    static final int BEFORE_THE_PORT_OPENS = 0;

    private final RegistryOverview overview;

    private final Path folder;

    private final CompletableFuture<Void> loaded;

    ModelStartup(ModelLifecycle lifecycle, RegistryOverview overview, Path folder) {
        super(BEFORE_THE_PORT_OPENS);
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
    void begin() {
        loaded.join();
        overview.health().problems().forEach((problem) -> logger.warn("{} (looked in {})", problem, folder));
    }

}

package io.modelserver.registry;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

import io.modelserver.registry.live.RegistryOverview;
import io.modelserver.registry.stage.Promotions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads what is in production while everything else starts, and lets the port open when
 * it is ready.
 */
final class ModelStartup {

    private static final Logger logger = LoggerFactory.getLogger(ModelStartup.class);

    private final RegistryOverview overview;

    private final Path folder;

    private final CompletableFuture<Void> loaded;

    ModelStartup(Promotions lifecycle, RegistryOverview overview, Path folder) {
        this.overview = overview;
        this.folder = folder;
        this.loaded = CompletableFuture.runAsync(() -> load(lifecycle),
                (task) -> Thread.ofPlatform().daemon().name("model-load").start(task));
    }

    private static void load(Promotions lifecycle) {
        try {
            lifecycle.loadProduction();
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until it is loaded, and logs what is wrong with it. */
    void await() {
        loaded.join();
        overview.health().problems().forEach((problem) -> logger.warn("{} (looked in {})", problem, folder));
    }

}

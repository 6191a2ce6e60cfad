package io.modelserver.config;

import org.springframework.context.SmartLifecycle;

/**
 * Loads the versions in STAGING once the port is open, so that they delay nobody.
 */
final class StagingStartup implements SmartLifecycle {

    private final Runnable load;

    private volatile boolean running;

    StagingStartup(Runnable load) {
        this.load = load;
    }

    @Override
    public void start() {
        load.run();
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

    /** After the web server, which starts in an earlier phase than the default. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }

}

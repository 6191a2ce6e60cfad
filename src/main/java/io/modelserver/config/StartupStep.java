package io.modelserver.config;

import org.springframework.context.SmartLifecycle;

/** What is done once while the server starts, and has an end when it stops. */
abstract class StartupStep implements SmartLifecycle {

    private final int phase;

    private volatile boolean running;

    /**
     * Creates a step.
     * @param phase its place among the others: the lower, the earlier it begins and the
     * later it ends
     */
    StartupStep(int phase) {
        this.phase = phase;
    }

    /** Does it; the steps of later phases wait. */
    abstract void begin();

    /** Ends it, if it has an end. */
    void end() {
    }

    @Override
    public final void start() {
        begin();
        running = true;
    }

    @Override
    public final void stop() {
        end();
        running = false;
    }

    @Override
    public final boolean isRunning() {
        return running;
    }

    @Override
    public final int getPhase() {
        return phase;
    }

}

package io.modelserver.lifecycle;

import org.springframework.context.SmartLifecycle;

/**
 * Starts and stops a part of the server in its phase, so that the part itself knows no
 * Spring.
 */
public final class Phased implements SmartLifecycle {

    private final Phases phase;

    private final Runnable start;

    private final Runnable stop;

    private volatile boolean running;

    /**
     * Creates a lifecycle for a part that is started and stopped.
     * @param phase when it starts and stops
     * @param start returns when the next phase may start; what it throws ends the server
     * @param stop returns when the phase before may stop
     */
    public Phased(Phases phase, Runnable start, Runnable stop) {
        this.phase = phase;
        this.start = start;
        this.stop = stop;
    }

    /**
     * Creates a lifecycle for a part that is started only.
     * @param phase when it starts and stops
     * @param start returns when the next phase may start; what it throws ends the server
     */
    public Phased(Phases phase, Runnable start) {
        this(phase, start, () -> {
        });
    }

    @Override
    public void start() {
        start.run();
        running = true;
    }

    @Override
    public void stop() {
        stop.run();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return phase.number();
    }

}

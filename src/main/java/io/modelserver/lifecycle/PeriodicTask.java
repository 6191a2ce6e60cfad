package io.modelserver.lifecycle;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Does something again and again while the server runs, on a thread of its own. */
public final class PeriodicTask implements SmartLifecycle {

    private static final Logger logger = LoggerFactory.getLogger(PeriodicTask.class);

    private final String name;

    private final Duration interval;

    private final Task task;

    private volatile @Nullable Thread thread;

    /**
     * Creates a task that runs in phase {@link Phases#PERIODIC_TASKS}.
     * @param name of its thread
     * @param interval from the end of one run to the start of the next
     * @param task what it throws is logged and ends that run only
     */
    public PeriodicTask(String name, Duration interval, Task task) {
        this.name = name;
        this.interval = interval;
        this.task = task;
    }

    @Override
    public void start() {
        thread = Thread.ofPlatform().daemon().name(name).start(this::run);
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(interval);
                runOnce();
            }
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    private void runOnce() throws InterruptedException {
        try {
            task.run();
        }
        catch (RuntimeException ex) {
            logger.error("{} failed and will be tried again", name, ex);
        }
    }

    @Override
    public void stop() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
            thread = null;
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    @Override
    public int getPhase() {
        return Phases.PERIODIC_TASKS.number();
    }

    /** What recurs. */
    @FunctionalInterface
    public interface Task {

        /**
         * Runs the task once.
         * @throws InterruptedException if the server stops
         */
        void run() throws InterruptedException;

    }

}

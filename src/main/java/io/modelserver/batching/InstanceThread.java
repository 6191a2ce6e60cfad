package io.modelserver.batching;

import java.util.concurrent.locks.Condition;

import org.jspecify.annotations.Nullable;

/** One of the {@link InstanceThreads}, whose lock guards what it is busy with. */
final class InstanceThread {

    private final InstanceThreads threads;

    private final Condition wakeUp;

    private @Nullable Turn turn;

    InstanceThread(InstanceThreads threads, Condition wakeUp) {
        this.threads = threads;
        this.wakeUp = wakeUp;
    }

    void start(String name) {
        Thread.ofPlatform().daemon().name(name).start(this::run);
    }

    private void run() {
        try {
            Turn next = threads.next(this);
            while (next != null) {
                next.run();
                next = threads.next(this);
            }
        }
        finally {
            threads.gone(this);
        }
    }

    void begin(Turn begun) {
        turn = begun;
    }

    /**
     * {@return the turn that is over, null if there was none}
     */
    @Nullable Turn end() {
        Turn ended = turn;
        turn = null;
        return ended;
    }

    @Nullable Turn turn() {
        return turn;
    }

    void wake() {
        wakeUp.signal();
    }

    /**
     * Sleeps, at most for a while; the loop is {@link InstanceThreads#next}.
     * @return whether that is not over yet
     */
    @SuppressWarnings("WaitNotInLoop")
    boolean sleep(long nanos) {
        try {
            return wakeUp.awaitNanos(nanos) > 0;
        }
        catch (InterruptedException ex) {
            // Nobody here interrupts: an engine has left it behind.
            return true;
        }
    }

}

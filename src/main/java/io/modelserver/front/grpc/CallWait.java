package io.modelserver.front.grpc;

import java.util.concurrent.TimeUnit;

import io.grpc.Context;
import io.grpc.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * While a call is being answered, on the thread that answers it: interrupts that thread
 * when the caller has gone or its deadline has passed, so that what has not been computed
 * by then never is.
 */
final class CallWait implements Context.CancellationListener, AutoCloseable {

    private final Context context;

    private final Thread thread = Thread.currentThread();

    private boolean over;

    private CallWait(Context context) {
        this.context = context;
    }

    /** Begins for the current thread and the current call. */
    static CallWait begin() {
        CallWait wait = new CallWait(Context.current());
        wait.context.addListener(wait, Runnable::run);
        return wait;
    }

    /**
     * {@return how long the caller still waits; {@link Long#MAX_VALUE} if it does not
     * say}
     */
    long patienceNanos() {
        @Nullable Deadline deadline = context.getDeadline();
        return (deadline == null) ? Long.MAX_VALUE : deadline.timeRemaining(TimeUnit.NANOSECONDS);
    }

    @Override
    public synchronized void cancelled(Context ended) {
        if (!over) {
            thread.interrupt();
        }
    }

    /** The thread is its own again, not interrupted. */
    @Override
    public void close() {
        context.removeListener(this);
        synchronized (this) {
            over = true;
        }
        Thread.interrupted();
    }

}

package io.modelserver.batching;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

import io.modelserver.model.ModelInput;

/** A request in the queue or in a forward pass. */
public final class PendingResult {

    private final ModelInput input;

    private final long arrivalNanos;

    private final long deadlineNanos;

    private final LongSupplier nanoTime;

    private final CompletableFuture<BatchResult> result = new CompletableFuture<>();

    PendingResult(ModelInput input, long deadlineNanos, LongSupplier nanoTime) {
        this.input = input;
        this.arrivalNanos = nanoTime.getAsLong();
        this.deadlineNanos = deadlineNanos;
        this.nanoTime = nanoTime;
    }

    /**
     * Waits for the answer, at most until the request's deadline. A request whose caller
     * stopped waiting is not computed any more. An answer that arrives after the deadline
     * does not count, as when the process was stopped (SIGSTOP) meanwhile.
     * @return the answer, {@link BatchResult.Expired} if there was none in time
     * @throws InterruptedException if the calling thread is interrupted
     */
    public BatchResult await() throws InterruptedException {
        if (result.isDone()) {
            return result.resultNow();
        }
        try {
            BatchResult answer = result.get(deadlineNanos - nanoTime.getAsLong(), TimeUnit.NANOSECONDS);
            return inTime(answer);
        }
        catch (TimeoutException ex) {
            result.complete(new BatchResult.Expired());
            return result.resultNow();
        }
        catch (ExecutionException ex) {
            throw new IllegalStateException("a pending result never fails", ex);
        }
    }

    /**
     * Its caller no longer waits: it is not computed unless that has begun. Has no effect
     * once it was answered.
     */
    public void abandon() {
        if (!result.isDone()) {
            result.complete(new BatchResult.Expired());
        }
    }

    /**
     * {@return whether nobody waits for this request any more, which it marks as expired
     * if its time is up}
     */
    boolean isOver(long now) {
        if (now - deadlineNanos >= 0) {
            result.complete(new BatchResult.Expired());
        }
        return result.isDone();
    }

    void complete(BatchResult batchResult) {
        result.complete(inTime(batchResult));
    }

    /** An abandoned pass says more than that its time was up. */
    private BatchResult inTime(BatchResult answer) {
        return (!(answer instanceof BatchResult.Stuck) && nanoTime.getAsLong() - deadlineNanos >= 0)
                ? new BatchResult.Expired() : answer;
    }

    ModelInput input() {
        return input;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    long arrivalNanos() {
        return arrivalNanos;
    }

}

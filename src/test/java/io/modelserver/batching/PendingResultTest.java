package io.modelserver.batching;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;

import io.modelserver.model.Tensors;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PendingResultTest {

    private static final long DEADLINE = Duration.ofMinutes(10).toNanos();

    private static final BatchResult.Computed ANSWER = new BatchResult.Computed(Tensors.output(1), 1, 2, 1);

    private final AtomicLong now = new AtomicLong();

    private final PendingResult request = new PendingResult(Tensors.input(1), DEADLINE, now::get);

    @Test
    void anAnswerThatIsReadyBeforeTheDeadlineIsGivenHoweverLateItIsAskedFor() throws Exception {
        now.set(DEADLINE - 1);
        request.complete(ANSWER);
        now.set(DEADLINE + 1);

        assertThat(request.await()).isEqualTo(ANSWER);
    }

    @Test
    void anAnswerThatIsReadyAfterTheDeadlineIsNone() throws Exception {
        now.set(DEADLINE);
        request.complete(ANSWER);

        assertThat(request.await()).isEqualTo(new BatchResult.Expired());
    }

    /** The process is stopped between the end of the pass and its caller's next step. */
    @Test
    void anAnswerThatReachesItsWaitingCallerAfterTheDeadlineIsNone() throws Exception {
        Iterator<Long> times = List.of(0L, 0L, DEADLINE - 1, DEADLINE + 1).iterator();
        PendingResult awaited = new PendingResult(Tensors.input(1), DEADLINE, times::next);
        FutureTask<BatchResult> answer = new FutureTask<>(awaited::await);
        Thread caller = Thread.ofPlatform().start(answer);
        while (caller.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }

        awaited.complete(ANSWER);

        assertThat(answer.get()).isEqualTo(new BatchResult.Expired());
    }

    @Test
    void aPassThatWasGivenUpIsToldAsThatAfterTheDeadlineToo() throws Exception {
        now.set(DEADLINE + 1);
        request.complete(new BatchResult.Stuck(5));

        assertThat(request.await()).isEqualTo(new BatchResult.Stuck(5));
    }

}

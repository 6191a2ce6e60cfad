package io.modelserver.batching;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.modelserver.model.ModelInput;
import io.modelserver.model.Tensors;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RequestQueueTest {

    private static final long LONGEST_PASS = Duration.ofMinutes(1).toNanos();

    private static final long DEADLINE = 1_000_000;

    private final AtomicLong now = new AtomicLong();

    private final ModelInput two = Tensors.input(1, 2);

    private final ModelInput three = Tensors.input(1, 2, 3);

    @Test
    void aBatchTakesTheOldestRequestsUpToItsSize() {
        RequestQueue queue = queue(new BatchingPolicy(1, 2, 10, 0, LONGEST_PASS));
        PendingResult first = offer(queue, two);
        PendingResult second = offer(queue, two);
        PendingResult third = offer(queue, two);

        assertThat(queue.take()).containsExactly(first, second);
        assertThat(queue.take()).containsExactly(third);
    }

    @Test
    void otherShapesAreLeftForTheNextBatch() {
        RequestQueue queue = queue(new BatchingPolicy(1, 8, 10, 0, LONGEST_PASS));
        PendingResult first = offer(queue, two);
        PendingResult other = offer(queue, three);
        PendingResult second = offer(queue, two);

        assertThat(queue.take()).containsExactly(first, second);
        assertThat(queue.take()).containsExactly(other);
    }

    @Test
    void aFullQueueTurnsRequestsAway() {
        RequestQueue queue = queue(new BatchingPolicy(1, 1, 2, 0, LONGEST_PASS));
        offer(queue, two);
        offer(queue, two);

        assertThat(queue.offer(request(two))).isInstanceOf(Submission.Overloaded.class);
        assertThat(queue.size()).isEqualTo(2);
    }

    @Test
    void expiredRequestsMakeRoomAndAreNotComputed() throws Exception {
        RequestQueue queue = queue(new BatchingPolicy(1, 4, 1, 0, LONGEST_PASS));
        PendingResult expired = offer(queue, two);

        now.set(DEADLINE);
        PendingResult fresh = new PendingResult(two, 2 * DEADLINE, now::get);

        assertThat(queue.offer(fresh)).isInstanceOf(Submission.Accepted.class);
        assertThat(expired.await()).isEqualTo(new BatchResult.Expired());
        assertThat(queue.take()).containsExactly(fresh);
    }

    @Test
    void aDelayIsCountedFromTheArrivalOfTheOldest() {
        RequestQueue queue = queue(new BatchingPolicy(1, 8, 10, 500, LONGEST_PASS));
        PendingResult first = offer(queue, two);
        now.set(400);
        PendingResult second = offer(queue, two);

        assertThat(queue.untilDue()).isEqualTo(100);

        now.set(500);
        assertThat(queue.untilDue()).isZero();
        assertThat(queue.take()).containsExactly(first, second);
    }

    @Test
    void aFullBatchDoesNotWaitForTheDelay() {
        RequestQueue queue = queue(new BatchingPolicy(1, 2, 10, TimeUnit.HOURS.toNanos(1), LONGEST_PASS));
        PendingResult first = offer(queue, two);
        assertThat(queue.untilDue()).isPositive();
        PendingResult second = offer(queue, two);

        assertThat(queue.untilDue()).isZero();
        assertThat(queue.take()).containsExactly(first, second);
    }

    @Test
    void aClosedQueueDoesNotWaitForTheDelay() {
        RequestQueue queue = queue(new BatchingPolicy(1, 2, 10, TimeUnit.HOURS.toNanos(1), LONGEST_PASS));
        offer(queue, two);

        queue.close();

        assertThat(queue.untilDue()).isZero();
    }

    @Test
    void withoutADelayABatchIsDueAtOnce() {
        RequestQueue queue = queue(new BatchingPolicy(1, 8, 10, 0, LONGEST_PASS));
        offer(queue, two);

        assertThat(queue.untilDue()).isZero();
    }

    @Test
    void aClosedQueueIsDrainedAndTakesNothingMore() {
        RequestQueue queue = queue(new BatchingPolicy(1, 8, 10, 0, LONGEST_PASS));
        PendingResult last = offer(queue, two);

        queue.close();

        assertThat(queue.offer(request(two))).isInstanceOf(Submission.Closed.class);
        assertThat(queue.take()).containsExactly(last);
        assertThat(queue.take()).isEqualTo(List.of());
    }

    @Test
    void aRequestWhoseTurnWouldComeTooLateIsTurnedAwayAtOnce() {
        RequestQueue queue = queue(new BatchingPolicy(2, 1, 1_000, 0, LONGEST_PASS));
        for (int batch = 0; batch < 100; batch++) {
            queue.computed(1, DEADLINE / 10);
        }
        for (int i = 0; i < 15; i++) {
            offer(queue, two);
        }
        now.set(DEADLINE / 5);

        assertThat(queue.offer(request(two))).isInstanceOf(Submission.Overloaded.class);

        for (int i = 0; i < 5; i++) {
            queue.take();
        }
        assertThat(queue.offer(request(two))).isInstanceOf(Submission.Accepted.class);
    }

    @Test
    void theNextBatchIsNeverTooLate() {
        RequestQueue queue = queue(new BatchingPolicy(2, 4, 1_000, 0, LONGEST_PASS));
        for (int batch = 0; batch < 100; batch++) {
            queue.computed(1, DEADLINE * 10);
        }

        for (int i = 0; i < 8; i++) {
            offer(queue, two);
        }

        assertThat(queue.offer(request(two))).isInstanceOf(Submission.Overloaded.class);
    }

    private RequestQueue queue(BatchingPolicy policy) {
        return new RequestQueue(policy, now::get);
    }

    private PendingResult request(ModelInput input) {
        return new PendingResult(input, DEADLINE, now::get);
    }

    private PendingResult offer(RequestQueue queue, ModelInput input) {
        PendingResult request = request(input);
        assertThat(queue.offer(request)).isInstanceOf(Submission.Accepted.class);
        return request;
    }

}

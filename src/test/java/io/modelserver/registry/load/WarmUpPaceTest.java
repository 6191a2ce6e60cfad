package io.modelserver.registry.load;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import io.modelserver.model.ModelId;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WarmUpPaceTest {

    private final AtomicLong now = new AtomicLong();

    private final AtomicLong heard = new AtomicLong();

    private final WarmUpPace pace = new WarmUpPace((model, size, nanos) -> heard.addAndGet(nanos), now::get);

    @Test
    void whereNobodyIsAnsweredThereIsNoRest() {
        assertThat(pace.restNanos(1_000)).isZero();
    }

    @Test
    void besideRequestsAWarmUpRestsMostOfTheTime() {
        pace.batchComputed(new ModelId("m", "1"), 3, 70);

        assertThat(pace.restNanos(1_000)).isEqualTo(4_000);
        assertThat(heard).hasValue(70);
    }

    @Test
    void whenRequestsHaveEndedItGoesOnAtOnce() {
        pace.batchComputed(new ModelId("m", "1"), 3, 70);
        now.addAndGet(Duration.ofMillis(200).toNanos());

        assertThat(pace.restNanos(1_000)).isZero();
    }

}

package io.modelserver.ledger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.modelserver.fixtures.ManualClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class UndatedRequestsTest {

    @Test
    void everyRequestIsCountedAndEachCauseWarnedOfOnceAnHour(CapturedOutput output) {
        ManualClock clock = new ManualClock();
        List<String> counted = new ArrayList<>();
        UndatedRequests requests = new UndatedRequests(counted::add, clock.timeOfDay());

        requests.accept(UndatedCause.UNREADABLE);
        requests.accept(UndatedCause.UNREADABLE);
        requests.accept(UndatedCause.AHEAD);
        clock.advance(Duration.ofHours(1));
        requests.accept(UndatedCause.UNREADABLE);

        assertThat(counted).containsExactly("unreadable", "unreadable", "ahead", "unreadable");
        assertThat(output.getAll().split("can't be read", -1)).hasSize(3);
        assertThat(output.getAll().split("more than an hour ahead", -1)).hasSize(2);
    }

}

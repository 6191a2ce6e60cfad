package io.modelserver.lifecycle;

import org.junit.jupiter.api.Test;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

import static org.assertj.core.api.Assertions.assertThat;

class PhasesTest {

    @Test
    void theyStartAsTheListIsReadAndNoTwoAtATime() {
        assertThat(Phases.values()).extracting(Phases::number).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aDrainIsStoppedBeforeSpringBootWaitsForRequests() {
        assertThat(Phases.DRAIN.number()).isEqualTo(SmartLifecycle.DEFAULT_PHASE)
            .isGreaterThan(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE);
    }

}

package io.modelserver.lifecycle;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

import static org.assertj.core.api.Assertions.assertThat;

class PhasesTest {

    @Test
    void theyStartAsTheListIsReadAndNoTwoAtATime() throws IllegalAccessException {
        List<Integer> phases = new ArrayList<>();
        for (Field phase : Phases.class.getFields()) {
            phases.add(phase.getInt(null));
        }

        assertThat(phases).hasSizeGreaterThan(5).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aDrainIsStoppedBeforeSpringBootWaitsForRequests() {
        assertThat(Phases.DRAIN).isEqualTo(SmartLifecycle.DEFAULT_PHASE)
            .isGreaterThan(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE);
    }

}

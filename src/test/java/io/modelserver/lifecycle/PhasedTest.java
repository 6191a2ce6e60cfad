package io.modelserver.lifecycle;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class PhasedTest {

    private final List<String> events = new ArrayList<>();

    @Test
    void partsStartInTheOrderOfTheirPhasesAndStopInReverse() {
        try (GenericApplicationContext context = new GenericApplicationContext()) {
            context.registerBean("last", Phased.class, () -> part("drain", Phases.DRAIN));
            context.registerBean("middle", Phased.class,
                    () -> new Phased(Phases.LEDGER, () -> events.add("ledger starts")));
            context.registerBean("first", Phased.class, () -> part("models", Phases.MODELS));
            context.refresh();
            assertThat(events).containsExactly("models starts", "ledger starts", "drain starts");
            events.clear();
        }
        assertThat(events).containsExactly("drain stops", "models stops");
    }

    @Test
    void aPartThatDidNotStartIsNotRunning() {
        Phased part = new Phased(Phases.MODELS, () -> {
            throw new IllegalStateException("no models");
        });

        assertThatIllegalStateException().isThrownBy(part::start);
        assertThat(part.isRunning()).isFalse();
    }

    private Phased part(String name, Phases phase) {
        return new Phased(phase, () -> events.add(name + " starts"), () -> events.add(name + " stops"));
    }

}

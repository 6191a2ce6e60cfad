package io.modelserver.prediction;

import java.util.ArrayList;
import java.util.List;

import io.modelserver.experiment.Variant;
import io.modelserver.fixtures.Results;
import io.modelserver.fixtures.ServedModels;
import io.modelserver.fixtures.Trials;
import io.modelserver.inference.ModelId;
import io.modelserver.inference.ModelInput;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** One that stands for many tells each of them, in their order. */
class ListenersTest {

    private static final ModelId VERSION = ServedModels.version("1");

    private final List<Object> told = new ArrayList<>();

    @Test
    void ofHowARequestEnded() {
        PredictionResult result = Results.predicted(Trials.assignment(Trials.split("e", "1", "2"), "control"));

        PredictionListener
            .all(List.of((ended) -> told.addAll(List.of("first", ended)),
                    (ended) -> told.addAll(List.of("second", ended))))
            .ended(result);

        assertThat(told).containsExactly("first", result, "second", result);
    }

    @Test
    void ofWhatAnAnswerWasMadeOf() {
        ModelInput input = new ModelInput(List.of());

        InputListener.all(List.of((version, seen) -> told.addAll(List.of("first", version, seen)),
                (version, seen) -> told.addAll(List.of("second", version, seen))))
            .answered(VERSION, input);

        assertThat(told).containsExactly("first", VERSION, input, "second", VERSION, input);
    }

    @Test
    void ofWhatShadowsSaidAndDidNotGet() {
        Variant shadow = Variant.shadow("shadow", VERSION);
        ShadowListener.ShadowAnswer answer = new ShadowListener.ShadowAnswer("id",
                Trials.assignment(Trials.split("e", "1", "2"), "control"), shadow, null, 1);

        ShadowListener both = ShadowListener.all(List.of(new Noted("first"), new Noted("second")));
        both.shadowed(answer);
        both.dropped(shadow);

        assertThat(told).containsExactly("first", answer, "second", answer, "first", shadow, "second", shadow);
    }

    @Test
    void thereMayBeNone() {
        InputListener.all(List.of()).answered(VERSION, new ModelInput(List.of()));

        assertThat(told).isEmpty();
    }

    private final class Noted implements ShadowListener {

        private final String name;

        Noted(String name) {
            this.name = name;
        }

        @Override
        public void shadowed(ShadowAnswer copy) {
            told.addAll(List.of(name, copy));
        }

        @Override
        public void dropped(Variant shadow) {
            told.addAll(List.of(name, shadow));
        }

    }

}

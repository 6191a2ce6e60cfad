package io.modelserver.trading;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import io.modelserver.model.ModelInput;
import io.modelserver.model.Tensor;
import io.modelserver.model.TensorSpec;
import io.modelserver.window.Step;
import io.modelserver.window.WindowSchema;

/** A request's features as one model sees them. */
sealed interface DecodedFeatures {

    /**
     * All that the model looks at.
     *
     * @param input what the model looks at
     * @param eventMillis when the market was so, in milliseconds since 1970, empty if the
     * request does not tell
     */
    record Whole(ModelInput input, OptionalLong eventMillis) implements DecodedFeatures {
    }

    /**
     * One time step of a model that looks at several: of its features, its order book, or
     * both.
     *
     * @param parts one for each input of the model, at least one of them a step
     */
    record SingleStep(List<Part> parts) implements DecodedFeatures {

        public SingleStep {
            parts = List.copyOf(parts);
        }

        /**
         * {@return those that go to a window: that of features first}
         */
        List<Windowed> windowed() {
            return parts.stream()
                .filter(Windowed.class::isInstance)
                .map(Windowed.class::cast)
                .sorted((one, other) -> one.schema().input().compareTo(other.schema().input()))
                .toList();
        }

        /**
         * {@return the first of them; all are of the same time}
         */
        Step step() {
            return windowed().getFirst().step();
        }

        /**
         * Completes the input.
         * @param windows one for each step, in the order of {@link #windowed()}
         * @param symbol whose they are
         * @return what the model looks at
         */
        ModelInput input(List<Tensor> windows, String symbol) {
            List<Windowed> windowed = windowed();
            List<Tensor> tensors = new ArrayList<>(parts.size());
            for (Part part : parts) {
                tensors.add(switch (part) {
                    case Complete(Tensor tensor) -> tensor;
                    case Windowed step -> step.whole(windows.get(windowed.indexOf(step)));
                });
            }
            return new ModelInput(tensors, symbol);
        }

    }

    /** What a request brings for one input. */
    sealed interface Part {

    }

    /**
     * All of it.
     *
     * @param tensor in the shape of the input
     */
    record Complete(Tensor tensor) implements Part {
    }

    /**
     * One step of it, which goes to a window.
     *
     * @param schema the window's
     * @param step of the features, or an order book
     * @param input takes the window
     */
    record Windowed(WindowSchema schema, Step step, TensorSpec input) implements Part {

        Tensor whole(Tensor window) {
            return window.withShape(input.shape().stream().mapToInt(Integer::intValue).toArray());
        }

    }

}

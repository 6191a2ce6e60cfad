package io.modelserver.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * What is done with what callers send before the model sees it, beyond names and shapes.
 *
 * @param missingAllowed whether values of the features may be missing: the model gets NaN
 * in their place, and knows what to do with it
 * @param scaling of inputs, by their names; inputs that are not in it are not scaled
 */
public record InputPreparation(boolean missingAllowed, Map<String, Scaling> scaling) {

    /** That of a model whose metadata says nothing of it. */
    public static final InputPreparation NONE = new InputPreparation(false, Map.of());

    /** Takes a copy of the map. */
    public InputPreparation {
        scaling = Map.copyOf(scaling);
    }

    /**
     * Tells why the numbers of a symbol can't be scaled.
     * @param symbol the instrument, null if there is none
     * @return a sentence, empty if they can
     */
    public Optional<String> problem(@Nullable String symbol) {
        return scaling.entrySet()
            .stream()
            .filter((entry) -> entry.getValue().of(symbol).isEmpty())
            .map((entry) -> "the scaling of input '%s' is by symbol and has %s, only %s".formatted(entry.getKey(),
                    (symbol != null) ? "none for '" + symbol + "'" : "none without a symbol",
                    String.join(", ", entry.getValue().symbols())))
            .findFirst();
    }

    /**
     * {@return a symbol whose numbers can be scaled; null if those without a symbol can}
     */
    public @Nullable String anySymbol() {
        return problem(null).isEmpty() ? null
                : scaling.values()
                    .stream()
                    .flatMap((one) -> one.symbols().stream())
                    .filter((symbol) -> problem(symbol).isEmpty())
                    .findFirst()
                    .orElse(null);
    }

    /**
     * Scales an input.
     * @param inputs what the model takes, in the order of the tensors
     * @param input what a caller sent
     * @return what the model sees; the tensors given are not changed
     * @throws IllegalArgumentException if there is a {@link #problem} with its symbol
     */
    public ModelInput scaled(List<TensorSpec> inputs, ModelInput input) {
        if (scaling.isEmpty()) {
            return input;
        }
        List<Tensor> tensors = new ArrayList<>(input.tensors());
        for (int i = 0; i < tensors.size(); i++) {
            Scaling scaling = this.scaling.get(inputs.get(i).name());
            if (scaling != null) {
                Scale scale = scaling.of(input.symbol())
                    .orElseThrow(() -> new IllegalArgumentException(problem(input.symbol()).orElseThrow()));
                Tensor came = tensors.get(i);
                Tensor applied = scale.apply(came);
                tensors.set(i,
                        BookLayout.of(inputs.get(i))
                            .map((layout) -> layout.withMissingLevels(came, applied))
                            .orElse(applied));
            }
        }
        return new ModelInput(tensors, input.symbol());
    }

}

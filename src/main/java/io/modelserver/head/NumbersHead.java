package io.modelserver.head;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import io.modelserver.model.Decision;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.ModelOutput;
import io.modelserver.model.ModelSignature;
import io.modelserver.model.OutputRef;
import io.modelserver.model.OutputRole;
import io.modelserver.model.OutputTensor;
import io.modelserver.model.Task;
import io.modelserver.model.Tensor;
import io.modelserver.signal.Direction;
import io.modelserver.signal.Signal;
import org.jspecify.annotations.Nullable;

/**
 * The head of regressors: one or several numbers, of which one may be the expected
 * return, and quantiles. A direction comes about only by a rule in the metadata.
 */
public final class NumbersHead extends VersionHead {

    private static final double MEDIAN = 0.5;

    private final Decision.@Nullable ByNumber rule;

    /**
     * Where the number is that decides; null if it is the return, or there is no rule.
     */
    private final @Nullable OutputRef decisive;

    private final int levels;

    /** The column of the 0.5 quantile, or {@link OutputRef#WHOLE} if there is none. */
    private final int median;

    /**
     * Creates a head.
     * @param metadata says where each output is, and how a direction comes about
     * @param signature what the model file says
     * @throws IllegalArgumentException if the two contradict each other; the message says
     * how to fix it
     */
    NumbersHead(ModelMetadata metadata, ModelSignature signature, OutputMap map) {
        super(map, Extras.of(metadata, signature, map));
        this.rule = (metadata.rules().decision() instanceof Decision.ByNumber byNumber) ? byNumber : null;
        this.levels = metadata.rules().levels().size();
        this.median = metadata.rules().levels().indexOf(MEDIAN);
        this.decisive = (rule == null || rule.from().equals(OutputRole.EXPECTED_RETURN.key())) ? null
                : decisive(rule.from(), metadata, signature);
    }

    private OutputRef decisive(String from, ModelMetadata metadata, ModelSignature signature) {
        OutputRef named = metadata.rules().named().get(from);
        if (named != null) {
            return map.resolved(from, named);
        }
        if (!signature.outputs().isEmpty() && signature.output(from).isEmpty()) {
            throw new IllegalArgumentException(
                    ("metadata.json: decide.from is '%s', which the model does not return; it returned %s: name one of them, "
                            + "or give one that name in 'outputs'")
                        .formatted(from, OutputSentences.names(signature)));
        }
        return new OutputRef.ByName(from);
    }

    @Override
    public Task task() {
        return Task.REGRESSION;
    }

    @Override
    public Reading<Signal> read(ModelOutput output) {
        List<OutputTensor> outputs = output.pass();
        String problem = mismatch(outputs, output.batchSize());
        if (problem != null) {
            return new Reading.Unreadable<>(problem);
        }
        OutputTensor confidence = map.find(outputs, OutputRole.CONFIDENCE);
        float sure = numbers.value(OutputRole.CONFIDENCE, confidence, output.sample(), output.batchSize());
        Float earns = expectedReturn(output);
        Float decides = decides(output, earns);
        problem = (confidence != null) ? NumberRoles.problem(OutputRole.CONFIDENCE, sure) : null;
        if (problem == null && earns != null) {
            problem = NumberRoles.problem(OutputRole.EXPECTED_RETURN, earns);
        }
        if (problem == null && rule != null && decides != null && !Float.isFinite(decides)) {
            problem = NumberRoles.notFinite("'%s'".formatted(rule.from()));
        }
        if (problem == null) {
            problem = quantilesProblem(output);
        }
        if (problem == null) {
            problem = extras.problem(output);
        }
        return (problem != null) ? new Reading.Unreadable<>(problem) : new Reading.Read<>(new Signal(direction(decides),
                (confidence != null) ? ClassScores.unit(sure) : null, earns, null, others(output)));
    }

    private @Nullable Float expectedReturn(ModelOutput output) {
        OutputTensor own = map.find(output.pass(), OutputRole.EXPECTED_RETURN);
        if (own != null) {
            return numbers.value(OutputRole.EXPECTED_RETURN, own, output.sample(), output.batchSize());
        }
        OutputTensor quantiles = map.find(output.pass(), OutputRole.QUANTILES);
        return (quantiles != null && median >= 0)
                ? NumberRoles.at(quantiles, median, output.sample(), output.batchSize()) : null;
    }

    private @Nullable Float decides(ModelOutput output, @Nullable Float expectedReturn) {
        if (decisive == null) {
            return expectedReturn;
        }
        return NumberRoles.at(Objects.requireNonNull(Outputs.find(output.pass(), decisive)), decisive.column(),
                output.sample(), output.batchSize());
    }

    /** The bounds are rounded as the model's own number was. */
    private @Nullable Direction direction(@Nullable Float decides) {
        if (rule == null || decides == null) {
            return null;
        }
        return (decides > (float) rule.buyAbove()) ? Direction.BUY
                : (decides < (float) rule.sellBelow()) ? Direction.SELL : Direction.HOLD;
    }

    private Map<String, Tensor> others(ModelOutput output) {
        Map<String, Tensor> others = extras.of(output);
        OutputTensor quantiles = map.find(output.pass(), OutputRole.QUANTILES);
        if (quantiles == null) {
            return others;
        }
        Map<String, Tensor> all = new LinkedHashMap<>();
        all.put(OutputRole.QUANTILES.key(), output.tensor(output.pass().indexOf(quantiles)));
        all.putAll(others);
        return Collections.unmodifiableMap(all);
    }

    private @Nullable String quantilesProblem(ModelOutput output) {
        AnsweredOutput quantiles = find(output.pass(), OutputRole.QUANTILES);
        return (quantiles == null || quantiles.values(output.sample(), output.batchSize()).isFinite()) ? null
                : NumberRoles.notFinite(OutputRole.QUANTILES.key());
    }

    @Override
    List<OutputRole> roles(List<OutputTensor> outputs) {
        return List.of(OutputRole.EXPECTED_RETURN, OutputRole.QUANTILES, OutputRole.CONFIDENCE);
    }

    @Override
    public @Nullable String mismatch(List<OutputTensor> outputs, int batchSize) {
        return Stream
            .of(number(outputs, OutputRole.EXPECTED_RETURN, batchSize), quantilesMismatch(outputs, batchSize),
                    number(outputs, OutputRole.CONFIDENCE, batchSize), ruleMismatch(outputs, batchSize),
                    extras.mismatch(outputs, batchSize), nothing(outputs))
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    }

    private @Nullable String number(List<OutputTensor> outputs, OutputRole role, int batchSize) {
        return numbers.mismatch(outputs, role, map.find(outputs, role), batchSize);
    }

    private @Nullable String quantilesMismatch(List<OutputTensor> outputs, int batchSize) {
        if (!map.isMapped(OutputRole.QUANTILES)) {
            return null;
        }
        OutputTensor quantiles = map.find(outputs, OutputRole.QUANTILES);
        if (quantiles == null) {
            return map.missing(outputs, OutputRole.QUANTILES);
        }
        if (quantiles.tensor().size() != batchSize * levels) {
            return "the model returned %d numbers for quantiles of a batch of %d, expected %d: one per level in 'outputs' in "
                .formatted(quantiles.tensor().size(), batchSize, batchSize * levels) + "metadata.json";
        }
        return NumberRoles.batchProblem(OutputRole.QUANTILES.key(), quantiles.tensor(), batchSize);
    }

    private @Nullable String ruleMismatch(List<OutputTensor> outputs, int batchSize) {
        if (rule == null) {
            return null;
        }
        if (decisive != null) {
            OutputTensor output = Outputs.find(outputs, decisive);
            return (output != null) ? NumberRoles.mismatch(rule.from(), output.tensor(), decisive.column(), batchSize)
                    : OutputSentences.missing(outputs, rule.from(), decisive);
        }
        boolean hasReturn = map.find(outputs, OutputRole.EXPECTED_RETURN) != null
                || (median >= 0 && map.find(outputs, OutputRole.QUANTILES) != null);
        return hasReturn ? null
                : ("decide.from is expected_return, which no output is; the model returned %s: say which one is, e.g. "
                        + "\"outputs\": {\"expected_return\": 0}, in metadata.json")
                    .formatted(OutputSentences.names(outputs));
    }

    private @Nullable String nothing(List<OutputTensor> outputs) {
        return answered(outputs).isEmpty()
                ? "nothing says what the %s that the model returned are: name them in 'outputs' in metadata.json, e.g. "
                    .formatted(OutputSentences.names(outputs)) + "{\"expected_return\": 0, \"volatility\": 1}"
                : null;
    }

}

package io.modelserver.oip;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Predicate;

import io.modelserver.model.ModelMetadata;
import io.modelserver.serving.InputSource;
import io.modelserver.serving.Supply;
import io.modelserver.trading.FeatureInput;
import io.modelserver.trading.InputArray;
import io.modelserver.trading.PredictionRequest;
import io.modelserver.trading.RequestFeatures;
import io.modelserver.trading.WindowService;
import io.modelserver.window.WindowCoverage;
import org.jspecify.annotations.Nullable;

/**
 * A step of a sequence, which goes to the same windows as if a bot had sent it for the
 * symbol that the sequence is named like. Used once.
 */
final class SequenceInput implements InputSource {

    private final FeatureInput steps;

    private @Nullable ModelMetadata asked;

    SequenceInput(InferRequest request, InferParameters parameters, InferParameters.Sequence sequence, Rows rows,
            WindowService windows) {
        Map<String, InputArray> arrays = new HashMap<>();
        rows.tensors()
            .forEach((name, tensor) -> arrays.put(name, (spec) -> tensor.whole(spec,
                    asked != null && asked.missingAllowed() && spec.equals(asked.features()))));
        PredictionRequest step = new PredictionRequest(sequence.id(), new RequestFeatures.Absent(), null,
                request.model(), request.version(), parameters.routingKey(), parameters.experimentId(),
                sequence.timestamp(), sequence.series(), new PredictionRequest.Arrays(null, arrays), 0);
        this.steps = new FeatureInput(step, windows, sequence.starts());
    }

    @Override
    public void askedByMembers(Predicate<String> isTaken) {
        steps.askedByMembers(isTaken);
    }

    @Override
    public Supply inputFor(ModelMetadata version) {
        asked = version;
        return steps.inputFor(version);
    }

    @Nullable WindowCoverage coverage() {
        return steps.coverage();
    }

    OptionalLong eventMillis() {
        return steps.eventMillis();
    }

    /** Drops the windows that the step went to. */
    void end() {
        steps.dropWindows();
    }

}

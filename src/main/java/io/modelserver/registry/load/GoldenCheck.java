package io.modelserver.registry.load;

import java.util.List;
import java.util.Map;

import io.modelserver.engine.InferenceException;
import io.modelserver.engine.ModelInstance;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.head.ClassHead;
import io.modelserver.head.HeadResult;
import io.modelserver.model.ModelOutput;
import io.modelserver.model.OutputRole;
import io.modelserver.model.OutputTensor;
import io.modelserver.registry.metadata.ExpectedPrediction;
import io.modelserver.registry.metadata.GoldenSample;
import io.modelserver.signal.Direction;
import io.modelserver.signal.Signal;
import org.jspecify.annotations.Nullable;

/**
 * Whether a model reproduces its golden samples: the numbers that it returned when it was
 * exported, and what is answered.
 */
final class GoldenCheck {

    private static final double TOLERANCE = 1e-4;

    private final List<GoldenSample> samples;

    private final ClassHead head;

    GoldenCheck(List<GoldenSample> samples, ClassHead head) {
        this.samples = samples;
        this.head = head;
    }

    void verify(ModelInstance instance) throws ModelLoadException {
        for (GoldenSample sample : samples) {
            List<OutputTensor> outputs = forward(instance, sample);
            Signal answered = read(outputs);
            for (Map.Entry<OutputRole, float[]> expected : sample.outputs().entrySet()) {
                compare(expected.getKey(), expected.getValue(), values(outputs, answered, expected.getKey()),
                        "sample.json");
            }
            String difference = (sample.prediction() != null) ? sample.prediction().difference(answered, TOLERANCE)
                    : null;
            if (difference != null) {
                throw new ModelLoadException(
                        ("the golden sample is not reproduced: the answer's %s; compare 'outputs' and "
                                + "'classes' in metadata.json")
                            .formatted(difference));
            }
        }
    }

    /**
     * Compares two engines.
     * @param reference the check of the engine whose answers count
     * @param expected its instance
     * @param actual the instance of this check's engine
     */
    void compare(GoldenCheck reference, ModelInstance expected, ModelInstance actual) throws ModelLoadException {
        for (GoldenSample sample : samples) {
            List<OutputTensor> there = reference.forward(expected, sample);
            List<OutputTensor> here = forward(actual, sample);
            Signal answeredThere = reference.read(there);
            Signal answeredHere = read(here);
            for (OutputRole role : OutputRole.values()) {
                float[] values = reference.values(there, answeredThere, role);
                if (values != null) {
                    compare(role, values, values(here, answeredHere, role), "the other engine");
                }
            }
            if (!reference.head.classes().equals(head.classes())) {
                throw new ModelLoadException("its classes are %s, those of the other engine %s"
                    .formatted(head.classes(), reference.head.classes()));
            }
        }
    }

    private List<OutputTensor> forward(ModelInstance instance, GoldenSample sample) throws ModelLoadException {
        try {
            return instance.forward(List.of(sample.input()));
        }
        catch (InferenceException ex) {
            throw new ModelLoadException("the golden sample failed: " + ex.getMessage(), ex);
        }
    }

    private Signal read(List<OutputTensor> outputs) throws ModelLoadException {
        return switch (head.read(ModelOutput.perSample(outputs, 1).getFirst())) {
            case HeadResult.Said(Signal signal) -> signal;
            case HeadResult.Unusable(String reason) ->
                throw new ModelLoadException("the golden sample failed: " + reason);
        };
    }

    /** Where the model returns logits, its probabilities are those that are answered. */
    private float @Nullable [] values(List<OutputTensor> outputs, Signal answered, OutputRole role) {
        if (role != OutputRole.PROBABILITIES || head.direction(outputs) == OutputRole.PROBABILITIES) {
            return head.values(outputs, role);
        }
        List<Direction> classes = head.classes();
        float[] probabilities = new float[classes.size()];
        for (int i = 0; i < probabilities.length; i++) {
            Float probability = ExpectedPrediction.of(answered.probabilities(), classes.get(i));
            if (probability == null) {
                return null;
            }
            probabilities[i] = probability;
        }
        return probabilities;
    }

    private static void compare(OutputRole role, float[] expected, float @Nullable [] actual, String reference)
            throws ModelLoadException {
        if (actual == null) {
            throw new ModelLoadException(
                    "%s has %s, which the model does not return: see 'outputs' in metadata.json, or leave it out"
                        .formatted(reference, role.key()));
        }
        if (actual.length != expected.length) {
            throw new ModelLoadException("%s has %d numbers for %s, the model returned %d".formatted(reference,
                    expected.length, role.key(), actual.length));
        }
        for (int i = 0; i < expected.length; i++) {
            double allowed = TOLERANCE * Math.max(1, Math.abs(expected[i]));
            if (!(Math.abs(actual[i] - expected[i]) <= allowed)) {
                throw new ModelLoadException(("the golden sample is not reproduced: %s[%d] is %s, %s says %s; "
                        + "the file is damaged or not the one that was exported with it")
                    .formatted(role.key(), i, actual[i], reference, expected[i]));
            }
        }
    }

}

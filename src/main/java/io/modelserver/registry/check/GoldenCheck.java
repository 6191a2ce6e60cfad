package io.modelserver.registry.check;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import io.modelserver.engine.InferenceException;
import io.modelserver.engine.ModelInstance;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.head.AnsweredOutput;
import io.modelserver.head.OutputValues;
import io.modelserver.head.Reading;
import io.modelserver.head.VersionHead;
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

    private final VersionHead head;

    GoldenCheck(List<GoldenSample> samples, VersionHead head) {
        this.samples = samples;
        this.head = head;
    }

    void verify(ModelInstance instance) throws ModelLoadException {
        for (GoldenSample sample : samples) {
            Answer answer = answer(instance, sample);
            int checked = 0;
            for (Map.Entry<String, OutputValues> expected : sample.outputs().entrySet()) {
                checked += compare(expected.getKey(), expected.getValue(), answer) ? 1 : 0;
            }
            if (checked == 0 && !sample.outputs().isEmpty()) {
                throw checksNothing(sample);
            }
            String difference = (sample.prediction() != null)
                    ? sample.prediction().difference(answer.signal(), TOLERANCE) : null;
            if (difference != null) {
                throw new ModelLoadException(
                        ("the golden sample is not reproduced: the answer's %s; compare 'outputs' and "
                                + "'classes' in metadata.json")
                            .formatted(difference));
            }
        }
    }

    private static ModelLoadException checksNothing(GoldenSample sample) {
        return new ModelLoadException(
                ("sample.json can't be used: 'outputs' has none of %s, nor of the model's other outputs, but %s, so that it "
                        + "checks nothing: use these names")
                    .formatted(
                            Arrays.stream(OutputRole.values()).map(OutputRole::key).collect(Collectors.joining(", ")),
                            String.join(", ", sample.outputs().keySet())));
    }

    /** Whether there is anything to compare with: a sample may have notes. */
    private boolean compare(String key, OutputValues expected, Answer answer) throws ModelLoadException {
        Optional<OutputRole> role = Arrays.stream(OutputRole.values())
            .filter((one) -> one.key().equals(key))
            .findFirst();
        OutputValues actual = values(answer, key, role.orElse(null), expected.size());
        if (actual == null) {
            if (role.isEmpty()) {
                return false;
            }
            throw new ModelLoadException(
                    "sample.json has %s, which the model does not return: see 'outputs' in metadata.json, or leave it out"
                        .formatted(key));
        }
        refuse(key, expected, actual, "sample.json");
        return true;
    }

    /**
     * Compares two engines.
     * @param reference the check of the engine whose answers count
     * @param expected its instance
     * @param actual the instance of this check's engine
     */
    void compare(GoldenCheck reference, ModelInstance expected, ModelInstance actual) throws ModelLoadException {
        for (GoldenSample sample : samples) {
            Answer there = reference.answer(expected, sample);
            Answer here = answer(actual, sample);
            for (AnsweredOutput output : reference.head.answered(there.outputs())) {
                OutputValues values = output.values(0, 1);
                OutputValues found = values(here, output.key(), output.role(), values.size());
                if (found != null) {
                    refuse(output.key(), values, found, "the other engine");
                }
                else if (output.declared()) {
                    throw new ModelLoadException(
                            "the other engine has %s, which this file does not return: see 'outputs' "
                                .formatted(output.key()) + "in metadata.json, or leave it out");
                }
            }
            OutputValues probabilities = reference.probabilities(there.signal());
            if (probabilities != null) {
                refuse(OutputRole.PROBABILITIES.key(), probabilities,
                        Optional.ofNullable(probabilities(here.signal())).orElse(new OutputValues.Texts(List.of())),
                        "the other engine");
            }
            if (!reference.head.classes().equals(head.classes())) {
                throw new ModelLoadException("its classes are %s, those of the other engine %s"
                    .formatted(head.classes(), reference.head.classes()));
            }
        }
    }

    private Answer answer(ModelInstance instance, GoldenSample sample) throws ModelLoadException {
        try {
            List<OutputTensor> outputs = instance.forward(List.of(sample.input()));
            return switch (head.read(ModelOutput.perSample(outputs, 1).getFirst())) {
                case Reading.Read(Signal signal) -> new Answer(outputs, signal);
                case Reading.Unreadable(String reason) ->
                    throw new ModelLoadException("the golden sample failed: " + reason);
            };
        }
        catch (InferenceException ex) {
            throw new ModelLoadException("the golden sample failed: " + ex.getMessage(), ex);
        }
    }

    /**
     * Finds what is compared: where the model returns logits, or the probability of one
     * class, its probabilities are those that are answered, and so is the return where it
     * is a quantile.
     */
    private @Nullable OutputValues values(Answer answer, String key, @Nullable OutputRole role, int elements) {
        AnsweredOutput output = (role != null) ? head.find(answer.outputs(), role)
                : head.answered(answer.outputs())
                    .stream()
                    .filter((answered) -> answered.key().equals(key))
                    .findFirst()
                    .orElse(null);
        OutputValues values = (output != null) ? output.values(0, 1) : null;
        if (role == OutputRole.PROBABILITIES && (values == null || values.size() != elements)) {
            OutputValues answered = probabilities(answer.signal());
            return (answered != null) ? answered : values;
        }
        Float expectedReturn = answer.signal().expectedReturn();
        return (values == null && role == OutputRole.EXPECTED_RETURN && expectedReturn != null)
                ? new OutputValues.Numbers(new float[] { expectedReturn }) : values;
    }

    private @Nullable OutputValues probabilities(Signal answered) {
        List<Direction> classes = head.classes();
        float[] probabilities = new float[classes.size()];
        for (int i = 0; i < probabilities.length; i++) {
            Float probability = ExpectedPrediction.of(answered.probabilities(), classes.get(i));
            if (probability == null) {
                return null;
            }
            probabilities[i] = probability;
        }
        return (probabilities.length > 0) ? new OutputValues.Numbers(probabilities) : null;
    }

    private static void refuse(String key, OutputValues expected, OutputValues actual, String reference)
            throws ModelLoadException {
        if (actual.size() != expected.size()) {
            throw new ModelLoadException("%s has %d numbers for %s, the model returned %d".formatted(reference,
                    expected.size(), key, actual.size()));
        }
        Optional<String> difference = expected.difference(actual, TOLERANCE, reference);
        if (difference.isPresent()) {
            throw new ModelLoadException(
                    ("the golden sample is not reproduced: %s%s; the file is damaged or not the one that "
                            + "was exported with it")
                        .formatted(key, difference.get()));
        }
    }

    /**
     * What a model answered to a sample.
     *
     * @param outputs what it returned
     * @param signal what that says
     */
    private record Answer(List<OutputTensor> outputs, Signal signal) {
    }

}

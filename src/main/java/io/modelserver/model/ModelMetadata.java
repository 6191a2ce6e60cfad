package io.modelserver.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * What the server must know of a version to serve it.
 *
 * @param id the version
 * @param task what the model is for
 * @param inputs the model's inputs in the order of its arguments, at least one, each with
 * a name of its own; the first one takes the request's features
 * @param classes the label of each score, in the order of the scores; empty if the
 * metadata does not say
 * @param outputs where each known output is found; roles that are left out are found by
 * their key; of a tuple, where the direction is left out too, by the order in
 * {@link OutputRole}
 * @param featureNames the dotted path of each feature of one time step, empty if features
 * have no names
 * @param timeframe length of the candles that the model was trained on, as its metadata
 * writes it, e.g. {@code 4h}; null where it does not say
 * @param rules what else it says of the answers
 * @param preparation what it takes of what callers send
 */
public record ModelMetadata(ModelId id, Task task, List<TensorSpec> inputs, List<String> classes,
        Map<OutputRole, OutputRef> outputs, FeatureNames featureNames, @Nullable String timeframe, AnswerRules rules,
        InputPreparation preparation) {

    /**
     * The input that order-book levels go to, where a model declares one of this name.
     */
    public static final String RAW_LOB = "raw_lob";

    /**
     * A classifier whose metadata names no timeframe.
     * @param id the version
     * @param inputs the model's inputs in the order of its arguments, at least one
     * @param classes the label of each score, in the order of the scores
     * @param outputs where each known output is found
     * @param featureNames the dotted path of each feature of one time step
     */
    public ModelMetadata(ModelId id, List<TensorSpec> inputs, List<String> classes, Map<OutputRole, OutputRef> outputs,
            FeatureNames featureNames) {
        this(id, Task.DIRECTION, inputs, classes, outputs, featureNames, null);
    }

    /**
     * A version that takes what callers send as it is, and whose metadata says nothing
     * else of its answers.
     * @param id the version
     * @param task what the model is for
     * @param inputs the model's inputs in the order of its arguments, at least one
     * @param classes the label of each score, in the order of the scores
     * @param outputs where each known output is found
     * @param featureNames the dotted path of each feature of one time step
     * @param timeframe length of the candles that the model was trained on, or null
     */
    public ModelMetadata(ModelId id, Task task, List<TensorSpec> inputs, List<String> classes,
            Map<OutputRole, OutputRef> outputs, FeatureNames featureNames, @Nullable String timeframe) {
        this(id, task, inputs, classes, outputs, featureNames, timeframe, AnswerRules.NONE, InputPreparation.NONE);
    }

    /**
     * Takes copies of the collections. Rejects inputs that are missing or share a name,
     * feature names that are not as many as the last dimension of the features' shape,
     * and features that may be missing but have no NaN.
     */
    public ModelMetadata {
        inputs = List.copyOf(inputs);
        classes = List.copyOf(classes);
        outputs = Map.copyOf(outputs);
        if (inputs.isEmpty() || inputs.stream().map(TensorSpec::name).distinct().count() != inputs.size()) {
            throw new IllegalArgumentException("inputs must be one at least, each with a name of its own, not "
                    + inputs.stream().map(TensorSpec::name).collect(Collectors.joining(", ", "[", "]")));
        }
        if (preparation.missingAllowed() && !inputs.getFirst().datatype().isFloating()) {
            throw new IllegalArgumentException(
                    "values of input '%s' can't be missing, since %s has no NaN: declare a floating-point datatype"
                        .formatted(inputs.getFirst().name(), inputs.getFirst().datatype()));
        }
        int features = inputs.getFirst().shape().getLast();
        if (!featureNames.names().isEmpty() && features > 0 && featureNames.names().size() != features) {
            throw new IllegalArgumentException(
                    "feature_names has %d names, but the last dimension of the features' shape is %d"
                        .formatted(featureNames.names().size(), features));
        }
    }

    /**
     * {@return the input that takes the request's order book, empty if the model has
     * none}
     */
    public Optional<TensorSpec> rawLob() {
        for (int i = takesFeatures() ? 1 : 0; i < inputs.size(); i++) {
            if (inputs.get(i).name().equals(RAW_LOB)) {
                return Optional.of(inputs.get(i));
            }
        }
        return Optional.empty();
    }

    /**
     * {@return whether a request needs features: not where the first input takes order
     * books}
     */
    public boolean takesFeatures() {
        return BookLayout.of(inputs.getFirst()).isEmpty();
    }

    /**
     * {@return the first input, which takes the request's features where the model
     * {@link #takesFeatures() takes} any}
     */
    public TensorSpec features() {
        return inputs.getFirst();
    }

    /**
     * {@return the same, but outputs of these names are not answered}
     * @param names as the file calls them
     */
    public ModelMetadata withoutOutputs(Set<String> names) {
        return new ModelMetadata(id, task, inputs, classes, outputs, featureNames, timeframe, rules.leavingOut(names),
                preparation);
    }

    /**
     * Whether one request means the same to both versions, so that what was decoded for
     * one can be given to the other.
     * @param other the other version
     * @return whether their inputs and feature names are the same, and values may be
     * missing for both or for neither
     */
    public boolean takesTheSameAs(ModelMetadata other) {
        return inputs.equals(other.inputs) && featureNames.names().equals(other.featureNames.names())
                && missingAllowed() == other.missingAllowed();
    }

    /**
     * {@return whether values of the features may be missing}
     */
    public boolean missingAllowed() {
        return preparation.missingAllowed();
    }

}

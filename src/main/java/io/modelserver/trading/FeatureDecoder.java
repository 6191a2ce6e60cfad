package io.modelserver.trading;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.Tensor;
import io.modelserver.model.TensorSpec;
import io.modelserver.window.Step;
import io.modelserver.window.WindowSchema;

/** Turns a request's features into the input of one model. */
final class FeatureDecoder {

    private final ModelMetadata metadata;

    private final Predicate<String> isTakenByOthers;

    FeatureDecoder(ModelMetadata metadata) {
        this(metadata, (name) -> false);
    }

    /**
     * Creates a decoder for one of several models.
     * @param isTakenByOthers whether an input that this model has not may be sent
     */
    FeatureDecoder(ModelMetadata metadata, Predicate<String> isTakenByOthers) {
        this.metadata = metadata;
        this.isTakenByOthers = isTakenByOthers;
    }

    DecodedFeatures decode(PredictionRequest request) throws InvalidFeaturesException {
        if (!metadata.takesFeatures()) {
            return new OtherInputs(metadata, request, isTakenByOthers).with(null, request.timestamp(),
                    eventTime(request, OptionalLong.empty(), false));
        }
        OtherInputs others = new OtherInputs(metadata, request, isTakenByOthers);
        Tensor features;
        StepTimestamp timestamp = request.timestamp();
        OptionalLong latest = OptionalLong.empty();
        switch (others.features()) {
            case RequestFeatures.Numbers numbers -> features = MissingValues.taken(numbers, metadata);
            case RequestFeatures.Named named -> {
                List<TimedStep> steps = read(named);
                features = stack(steps, named.isSequence());
                timestamp = steps.getFirst().timestamp().isGiven() ? steps.getFirst().timestamp() : timestamp;
                latest = steps.getLast().timestamp().millis();
            }
            case RequestFeatures.Unusable(String reason) -> throw new InvalidFeaturesException(reason);
            case RequestFeatures.Absent absent -> throw absent.problem();
        }
        MissingValues.expectSome(features, "features");
        Optional<WindowSchema> window = isOneStep(features) ? WindowSchema.of(metadata) : Optional.empty();
        if (window.isPresent()) {
            Step step = new Step(features.values(), timestamp.required());
            return others.with(new DecodedFeatures.Windowed(window.get(), step, metadata.features()), timestamp,
                    OptionalLong.empty());
        }
        Tensor whole = fit(metadata.features(), TableRow.of(metadata.features(), features));
        OptionalLong eventMillis = eventTime(request, latest, timestamp.isGiven());
        if (metadata.inputs().size() == 1) {
            return new DecodedFeatures.Whole(new ModelInput(List.of(whole), request.symbol()), eventMillis);
        }
        StepTimestamp last = latest.isPresent() ? new StepTimestamp(latest, null) : timestamp;
        return others.with(new DecodedFeatures.Complete(whole),
                request.timestamp().isGiven() ? request.timestamp() : last, eventMillis);
    }

    private static OptionalLong eventTime(PredictionRequest request, OptionalLong latest, boolean given) {
        OptionalLong eventMillis = request.timestamp().millis().isPresent() ? request.timestamp().millis() : latest;
        boolean unreadable = eventMillis.isEmpty() && (given || request.timestamp().isGiven());
        return unreadable ? OptionalLong.of(StepTimestamp.UNREADABLE) : eventMillis;
    }

    /**
     * Finds the window that a history is for.
     * @throws InvalidFeaturesException if the model has none, or the history could be for
     * either of two
     */
    WindowSchema historySchema(PredictionRequest request) throws InvalidFeaturesException {
        Optional<WindowSchema> ofFeatures = WindowSchema.of(metadata);
        Optional<WindowSchema> ofBooks = WindowSchema.ofBooks(metadata);
        boolean features = !(request.features() instanceof RequestFeatures.Absent);
        boolean books = request.rawLob() != null && ofBooks.isPresent();
        if (ofFeatures.isPresent() && features && books) {
            throw new InvalidFeaturesException("features and raw_lob fill two windows: send one of them at a time");
        }
        return (books ? ofBooks : ofFeatures.or(() -> ofBooks))
            .orElseThrow(() -> new InvalidFeaturesException(TableRow.isTakenBy(metadata.features())
                    ? TableRow.withoutWindow(metadata.features()) : "the model does not look at a window of steps"));
    }

    /**
     * Reads a history of steps.
     * @param request its features are a nested array of steps, or a list of objects of
     * named features, or it has order books
     * @return the steps, in the order in which they came, which is that of their times
     * @throws InvalidFeaturesException if one is not a step of this model, or is older
     * than the one before
     */
    List<Step> decodeHistory(PredictionRequest request) throws InvalidFeaturesException {
        WindowSchema schema = historySchema(request);
        if (!schema.equals(WindowSchema.of(metadata).orElse(null))) {
            return new OtherInputs.OrderBooks(metadata.rawLob().orElseThrow(), metadata).history(request.rawLob());
        }
        List<TimedStep> steps = switch (request.features()) {
            case RequestFeatures.Numbers numbers -> rows(MissingValues.taken(numbers, metadata));
            case RequestFeatures.Named named -> read(named);
            case RequestFeatures.Unusable(String reason) -> throw new InvalidFeaturesException(reason);
            case RequestFeatures.Absent absent -> throw absent.problem();
        };
        List<Step> history = new ArrayList<>();
        long latest = Long.MIN_VALUE;
        for (TimedStep step : steps) {
            OptionalLong timestamp = step.timestamp().required();
            if (step.values().length != schema.features()) {
                throw new InvalidFeaturesException("features[%d] has %d numbers, expected %d".formatted(history.size(),
                        step.values().length, schema.features()));
            }
            if (timestamp.isPresent() && timestamp.getAsLong() <= latest) {
                throw new InvalidFeaturesException(
                        "features[%d].timestamp is not later than the one before".formatted(history.size()));
            }
            MissingValues.expectSome(new Tensor(new int[] { step.values().length }, step.values()),
                    "features[%d]".formatted(history.size()));
            latest = timestamp.orElse(latest);
            history.add(new Step(step.values(), timestamp));
        }
        return history;
    }

    private List<TimedStep> read(RequestFeatures.Named named) throws InvalidFeaturesException {
        List<TimedStep> steps = named.read(metadata.featureNames(), metadata.missingAllowed());
        if (metadata.featureNames().names().isEmpty() && steps.stream().allMatch((step) -> step.values().length == 0)) {
            throw new InvalidFeaturesException(
                    "this model has no feature_names in its metadata.json: send numbers (%s); "
                        .formatted(forms(metadata.features()))
                            + "of named features it takes only the numbers below orderbook, candle and indicator, of which there are none");
        }
        return steps;
    }

    private static List<TimedStep> rows(Tensor tensor) throws InvalidFeaturesException {
        if (tensor.shape().length != 2) {
            throw new InvalidFeaturesException(
                    "features have the shape %s, expected a list of steps".formatted(Arrays.toString(tensor.shape())));
        }
        int width = tensor.shape()[1];
        List<TimedStep> rows = new ArrayList<>();
        for (int row = 0; row < tensor.shape()[0]; row++) {
            rows.add(new TimedStep(Arrays.copyOfRange(tensor.values(), row * width, (row + 1) * width),
                    StepTimestamp.NONE));
        }
        return rows;
    }

    private boolean isOneStep(Tensor features) {
        int[] shape = features.shape();
        return features.size() == metadata.features().shape().getLast()
                && (shape.length == 1 || (shape.length == 2 && shape[0] == 1));
    }

    /**
     * Flat numbers take the shape of the input; a single free dimension is what the count
     * makes it.
     */
    private Tensor fit(TensorSpec spec, Tensor tensor) throws InvalidFeaturesException {
        int[] shape = tensor.shape();
        if (spec.accepts(shape) && tensor.size() > 0) {
            return tensor;
        }
        if (shape.length != 1) {
            throw new InvalidFeaturesException("features have the shape %s, expected %s or %s"
                .formatted(Arrays.toString(shape), spec.shape(), forms(spec)));
        }
        int count = tensor.size();
        int[] target = spec.shape().stream().mapToInt(Integer::intValue).toArray();
        long free = spec.shape().stream().filter((dimension) -> dimension == TensorSpec.FREE).count();
        boolean fits = count > 0
                && ((free == 0) ? count == spec.elements() : free == 1 && count % spec.elements() == 0);
        if (!fits) {
            throw new InvalidFeaturesException("features have %d numbers, expected %s".formatted(count, forms(spec)));
        }
        for (int axis = 0; axis < target.length; axis++) {
            target[axis] = (target[axis] == TensorSpec.FREE) ? count / spec.elements() : target[axis];
        }
        return tensor.withShape(target);
    }

    /** How many numbers the input takes, and one step of it where single steps do too. */
    private String forms(TensorSpec spec) {
        String all = (spec.isFixed() ? "%d flat numbers for the shape %s"
                : "a multiple of %d flat numbers for the shape %s")
            .formatted(spec.elements(), spec.shape());
        return WindowSchema.of(metadata)
            .map((window) -> "%s, or one step: %d numbers or [[%2$d numbers]]".formatted(all, window.features()))
            .orElse(all);
    }

    private Tensor stack(List<TimedStep> steps, boolean sequence) throws InvalidFeaturesException {
        int width = steps.getFirst().values().length;
        float[] values = new float[Math.multiplyExact(steps.size(), width)];
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).values().length != width) {
                throw new InvalidFeaturesException("features[%d] has %d numbers, features[0] has %d".formatted(i,
                        steps.get(i).values().length, width));
            }
            System.arraycopy(steps.get(i).values(), 0, values, i * width, width);
        }
        boolean oneStep = !sequence && metadata.features().shape().size() == 1;
        return new Tensor(oneStep ? new int[] { width } : new int[] { steps.size(), width }, values);
    }

}

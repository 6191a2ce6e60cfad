package io.modelserver.trading;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

import io.modelserver.model.BookLayout;
import io.modelserver.model.Datatype;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.Tensor;
import io.modelserver.model.TensorSpec;
import io.modelserver.serving.FieldProblem;
import io.modelserver.window.Step;
import io.modelserver.window.WindowSchema;
import org.jspecify.annotations.Nullable;

/**
 * Adds to the features of a request what its model looks at besides: order books, and the
 * arrays that {@code inputs} of the request holds by name.
 */
final class OtherInputs {

    private final ModelMetadata metadata;

    private final PredictionRequest request;

    private final Map<String, InputArray> named;

    private final Predicate<String> isTakenByOthers;

    OtherInputs(ModelMetadata metadata, PredictionRequest request, Predicate<String> isTakenByOthers) {
        this.metadata = metadata;
        this.isTakenByOthers = isTakenByOthers;
        this.request = request;
        this.named = request.arrays().named();
    }

    /**
     * Finds what goes to the first input: the features, or the array of its name.
     * Features of another datatype than {@code FP32} are read again as what they are.
     */
    RequestFeatures features() throws InvalidFeaturesException {
        expectKnownNames();
        TensorSpec spec = metadata.features();
        InputArray array = named.get(spec.name());
        if (array != null && !(request.features() instanceof RequestFeatures.Absent)) {
            throw twice("features", spec.name());
        }
        if (array == null
                && (spec.datatype() == Datatype.FP32 || request.features() instanceof RequestFeatures.Absent)) {
            return request.features();
        }
        if (array == null && request.features() instanceof RequestFeatures.Named) {
            throw new InvalidFeaturesException(
                    "the input '%s' of this model takes %s: send an array, since named features are read as 32-bit floats"
                        .formatted(spec.name(), spec.datatype()));
        }
        InputArray sent = (array != null) ? array : request.arrays().features();
        return (sent == null) ? request.features() : new RequestFeatures.Numbers(sent.read(spec));
    }

    /**
     * Adds them.
     * @param features what the request brings for the first input; null where that takes
     * the order book
     * @param timestamp when the order book was so
     */
    DecodedFeatures with(DecodedFeatures.@Nullable Part features, StepTimestamp timestamp, OptionalLong eventMillis)
            throws InvalidFeaturesException {
        expectKnownNames();
        expectAll();
        List<DecodedFeatures.Part> parts = new ArrayList<>();
        for (TensorSpec input : metadata.inputs()) {
            parts.add((features != null && parts.isEmpty()) ? features : part(input, timestamp));
        }
        List<Tensor> whole = new ArrayList<>();
        for (DecodedFeatures.Part part : parts) {
            if (part instanceof DecodedFeatures.Complete(Tensor tensor)) {
                whole.add(tensor);
            }
        }
        return (whole.size() == parts.size())
                ? new DecodedFeatures.Whole(new ModelInput(whole, request.symbol()), eventMillis)
                : new DecodedFeatures.SingleStep(parts);
    }

    private DecodedFeatures.Part part(TensorSpec input, StepTimestamp timestamp) throws InvalidFeaturesException {
        InputArray array = named.get(input.name());
        if (input.name().equals(ModelMetadata.RAW_LOB)) {
            if (array != null && request.rawLob() != null) {
                throw twice(ModelMetadata.RAW_LOB, ModelMetadata.RAW_LOB);
            }
            return new OrderBooks(input, metadata).decode((array != null) ? array : request.rawLob(), timestamp,
                    ModelMetadata.RAW_LOB);
        }
        Tensor came = Objects.requireNonNull(array).read(input);
        return new DecodedFeatures.Complete(input.fit(came)
            .orElseThrow(() -> new InvalidFeaturesException("inputs.%s has the shape %s, expected %s%s".formatted(
                    input.name(), Arrays.toString(came.shape()), input.shape(),
                    input.isFixed() ? " or %d flat elements".formatted(input.elements()) : ""))));
    }

    private void expectKnownNames() throws InvalidFeaturesException {
        if (named.isEmpty()) {
            return;
        }
        List<String> names = metadata.inputs().stream().map(TensorSpec::name).toList();
        List<String> unknown = named.keySet()
            .stream()
            .filter((name) -> !names.contains(name) && !isTakenByOthers.test(name))
            .sorted()
            .toList();
        if (!unknown.isEmpty()) {
            throw new InvalidFeaturesException(
                    "inputs has %s, but this model's inputs are %s".formatted(unknown, names),
                    unknown.stream().map((name) -> new FieldProblem("inputs." + name, "unknown")).toList());
        }
    }

    private void expectAll() throws InvalidFeaturesException {
        List<String> missing = metadata.inputs()
            .stream()
            .skip(metadata.takesFeatures() ? 1 : 0)
            .map(TensorSpec::name)
            .filter((name) -> !name.equals(ModelMetadata.RAW_LOB) && !named.containsKey(name))
            .toList();
        if (!missing.isEmpty()) {
            throw new InvalidFeaturesException(
                    "this model needs the inputs %s: send them by name in \"inputs\"".formatted(missing),
                    missing.stream().map((name) -> new FieldProblem("inputs." + name, "required")).toList());
        }
    }

    private static InvalidFeaturesException twice(String field, String name) {
        return new InvalidFeaturesException(
                "the request has both %s and inputs.%s, which are the same input: send one of them".formatted(field,
                        name));
    }

    /**
     * Turns a request's order book into the input of one model: all that it looks at, or
     * one book of several, which goes to a window.
     */
    static final class OrderBooks {

        private final TensorSpec spec;

        private final @Nullable BookLayout layout;

        private final Optional<WindowSchema> schema;

        OrderBooks(TensorSpec spec, ModelMetadata metadata) {
            this.spec = spec;
            this.layout = BookLayout.of(spec).orElse(null);
            this.schema = WindowSchema.ofBooks(metadata);
        }

        /**
         * Reads what a request brings.
         * @param array the request's order book, null if it has none
         * @param timestamp when it was so, needed of a single book of several
         * @param field what the book is called in messages
         */
        DecodedFeatures.Part decode(@Nullable InputArray array, StepTimestamp timestamp, String field)
                throws InvalidFeaturesException {
            if (array == null) {
                throw new InvalidFeaturesException("this model needs %s of the shape %s%s".formatted(field,
                        spec.shape(), (layout != null) ? ", or [asks, bids]" : ""));
            }
            Tensor came = array.read(spec);
            if (layout == null) {
                return new DecodedFeatures.Complete(asDeclared(came, field));
            }
            Tensor books = books(layout, came, field);
            int[] shape = books.shape();
            if (shape[0] == 1 && schema.isPresent()) {
                return new DecodedFeatures.Windowed(schema.get(), new Step(books.values(), timestamp.required()), spec);
            }
            int[] whole = (layout.books() == 0 && shape[0] == 1) ? new int[] { shape[1], shape[2] } : shape;
            if (!spec.accepts(whole)) {
                throw new InvalidFeaturesException("%s has %d order books, expected %s".formatted(field, shape[0],
                        (layout.books() == 0) ? "one" : layout.books() + (schema.isPresent() ? ", or one" : "")));
            }
            return new DecodedFeatures.Complete(books.withShape(whole));
        }

        /**
         * Reads a history of books.
         * @param array the books
         * @return a step of each, in the order in which they came, which is that of their
         * times
         */
        List<Step> history(@Nullable InputArray array) throws InvalidFeaturesException {
            if (array == null) {
                throw new InvalidFeaturesException("this model needs raw_lob: a list of order books");
            }
            Tensor books = books(BookLayout.of(spec).orElseThrow(), array.read(spec), ModelMetadata.RAW_LOB);
            int width = books.size() / Math.max(1, books.shape()[0]);
            List<Step> steps = new ArrayList<>();
            for (int at = 0; at < books.size(); at += width) {
                steps.add(new Step(Arrays.copyOfRange(books.values(), at, at + width), StepTimestamp.NONE.millis()));
            }
            return steps;
        }

        private Tensor asDeclared(Tensor came, String field) throws InvalidFeaturesException {
            if (!spec.accepts(came.shape()) || came.size() == 0) {
                throw new InvalidFeaturesException("%s has the shape %s, expected %s".formatted(field,
                        Arrays.toString(came.shape()), spec.shape()));
            }
            return came;
        }

        private Tensor books(BookLayout layout, Tensor came, String field) throws InvalidFeaturesException {
            try {
                Tensor arranged = layout.arrange(came, field);
                Tensor books = Tensor.of(spec.datatype(), arranged.shape(), arranged.array(double[].class));
                expectFinite(books, field);
                return books;
            }
            catch (IllegalArgumentException ex) {
                throw unusable(ex);
            }
        }

        private void expectFinite(Tensor books, String field) throws InvalidFeaturesException {
            if (spec.datatype() == Datatype.FP64) {
                return;
            }
            for (float number : books.floats()) {
                if (!Float.isFinite(number)) {
                    throw new InvalidFeaturesException("%s has a number that is not finite as a %d-bit float"
                        .formatted(field, spec.datatype().elementBytes() * Byte.SIZE));
                }
            }
        }

        private static InvalidFeaturesException unusable(IllegalArgumentException ex) {
            return new InvalidFeaturesException(String.valueOf(ex.getMessage()));
        }

    }

}

package io.modelserver.trading;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import io.modelserver.model.BookLayout;
import io.modelserver.model.Datatype;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.Tensor;
import io.modelserver.model.TensorSpec;
import io.modelserver.window.Step;
import io.modelserver.window.WindowSchema;
import org.jspecify.annotations.Nullable;

/**
 * Turns a request's order book into the input of one model: all that it looks at, or one
 * book of several, which goes to a window.
 */
final class OrderBooks {

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
            throw new InvalidFeaturesException("this model needs %s of the shape %s%s".formatted(field, spec.shape(),
                    (layout != null) ? ", or [asks, bids]" : ""));
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
            throw new InvalidFeaturesException(
                    "%s has the shape %s, expected %s".formatted(field, Arrays.toString(came.shape()), spec.shape()));
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

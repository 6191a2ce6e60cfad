package io.modelserver.oip.tensor;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

import io.modelserver.model.BookLayout;
import io.modelserver.model.Datatype;
import io.modelserver.model.Tensor;
import io.modelserver.model.TensorSpec;
import io.modelserver.serving.FieldProblem;
import io.modelserver.trading.InvalidFeaturesException;

/**
 * A caller's tensor, whose elements fill its shape. Its rows along the first axis are
 * read for the models that look at them.
 */
public final class TensorRows {

    private final WireTensor tensor;

    private final int[] shape;

    private final int rowSize;

    private final ElementReader elements;

    private TensorRows(WireTensor tensor, int[] shape, ElementReader elements) {
        this.tensor = tensor;
        this.shape = shape;
        this.rowSize = (shape[0] == 0) ? 0 : ElementReader.size(shape) / shape[0];
        this.elements = elements;
    }

    /**
     * Checks a tensor.
     * @param tensor as it came
     * @return the tensor
     * @throws InvalidFeaturesException if its elements do not fill its shape, or are not
     * of its datatype
     */
    public static TensorRows of(WireTensor tensor) throws InvalidFeaturesException {
        int[] shape = shape(tensor);
        int size = ElementReader.size(shape);
        ElementReader elements = switch (tensor.elements()) {
            case WireTensor.Texts(List<ByteBuffer> texts) -> {
                if (tensor.type() != WireType.BYTES) {
                    throw invalid(tensor, "holds texts, but its datatype is " + tensor.type());
                }
                yield new TextReader(tensor.name(), texts);
            }
            case WireTensor.Raw(ByteBuffer bytes) ->
                (tensor.type() == WireType.BYTES) ? new TextReader(tensor.name(), texts(tensor, bytes, size))
                        : new NumberReader(tensor.name(), tensor.type(), bytes);
        };
        if (elements.size() != size || !elements.isWhole()) {
            throw invalid(tensor, "holds %s, expected %d for the shape %s".formatted(elements.describe(), size,
                    Arrays.toString(shape)));
        }
        return new TensorRows(tensor, shape, elements);
    }

    private static int[] shape(WireTensor tensor) throws InvalidFeaturesException {
        if (tensor.shape().isEmpty()) {
            throw invalid(tensor, "has the shape [], expected the batch as its first dimension");
        }
        long size = 1;
        int[] shape = new int[tensor.shape().size()];
        for (int axis = 0; axis < shape.length; axis++) {
            long dimension = tensor.shape().get(axis);
            if (dimension < 0 || dimension > Integer.MAX_VALUE) {
                throw invalid(tensor, "has the dimension %d, expected a number from 0 on".formatted(dimension));
            }
            shape[axis] = (int) dimension;
            size *= dimension;
            if (size > Integer.MAX_VALUE) {
                throw invalid(tensor, "has the shape %s, which is too large".formatted(tensor.shape()));
            }
        }
        return shape;
    }

    private static List<ByteBuffer> texts(WireTensor tensor, ByteBuffer raw, int expected)
            throws InvalidFeaturesException {
        try {
            return LengthPrefixed.split(raw, expected);
        }
        catch (IllegalArgumentException ex) {
            throw invalid(tensor, String.valueOf(ex.getMessage()));
        }
    }

    /**
     * {@return its name}
     */
    public String name() {
        return tensor.name();
    }

    /**
     * {@return how many rows it has}
     */
    public int rows() {
        return shape[0];
    }

    /**
     * Reads a row.
     * @param row which, from 0
     * @param spec what it is for
     * @param missing whether NaN stands for a value that is missing, which the model
     * takes
     * @return the row in the shape and datatype of the input
     * @throws InvalidFeaturesException if it does not fit, or a number is not finite
     */
    public Tensor row(int row, TensorSpec spec, boolean missing) throws InvalidFeaturesException {
        int[] own = Arrays.copyOfRange(shape, 1, shape.length);
        if (!spec.accepts(own) || rowSize == 0 || rowSize > TensorSpec.MOST_ELEMENTS) {
            throw invalid(tensor, "has the shape %s, expected %s, of which the first dimension is the batch"
                .formatted(Arrays.toString(shape), batched(spec)));
        }
        return elements.read(spec.datatype(), own, row * rowSize, missing);
    }

    /**
     * Reads all of it for an input that may take less than its whole shape: one step of a
     * window.
     * @param spec what it is for
     * @param missing whether NaN stands for a value that is missing
     * @return the elements in the shape in which they came, without the batch axis of one
     * row
     * @throws InvalidFeaturesException if a number is not finite
     */
    public Tensor whole(TensorSpec spec, boolean missing) throws InvalidFeaturesException {
        boolean batched = shape[0] == 1 && shape.length > spec.shape().size();
        int[] own = batched ? Arrays.copyOfRange(shape, 1, shape.length) : shape;
        Datatype datatype = BookLayout.of(spec).isPresent() ? Datatype.FP64 : spec.datatype();
        if (ElementReader.size(own) > TensorSpec.MOST_ELEMENTS) {
            throw invalid(tensor, "has more than %d elements".formatted(TensorSpec.MOST_ELEMENTS));
        }
        return elements.read(datatype, own, 0, missing);
    }

    private static String batched(TensorSpec spec) {
        String shape = spec.shape().toString();
        return "[-1, " + shape.substring(1);
    }

    private static InvalidFeaturesException invalid(WireTensor tensor, String problem) {
        return invalid(tensor.name(), problem);
    }

    static InvalidFeaturesException invalid(String name, String problem) {
        return new InvalidFeaturesException("input '%s' %s".formatted(name, problem),
                List.of(new FieldProblem("inputs." + name, problem)));
    }

}

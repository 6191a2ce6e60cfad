package io.modelserver.front.json;

import java.util.Arrays;

import io.modelserver.model.Tensor;
import io.modelserver.model.TensorSpec;
import io.modelserver.trading.InvalidFeaturesException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads a regular nested array of numbers in one pass, without boxing; used once. */
public final class NumberArrayReader {

    private static final int DEEPEST = 4;

    private final String field;

    private final boolean nullable;

    /** How many items each level has, -1 until its first array is closed. */
    private final int[] sizes = new int[DEEPEST];

    private float[] values = new float[256];

    private int count;

    private int depth;

    private int firstNull = -1;

    /**
     * Creates a reader of arrays without nulls.
     * @param field what the array is called in messages
     */
    public NumberArrayReader(String field) {
        this(field, false);
    }

    /**
     * Creates a reader.
     * @param field what the array is called in messages
     * @param nullable whether an item may be null, which becomes NaN
     */
    public NumberArrayReader(String field, boolean nullable) {
        this.field = field;
        this.nullable = nullable;
        Arrays.fill(sizes, -1);
    }

    /**
     * Reads the array that the parser stands on.
     * @param parser on the start of an array; afterwards on its end
     * @return the numbers and their shape
     * @throws InvalidFeaturesException if an item is not a number, is not finite as
     * float32, or the nesting is irregular; the parser then stands anywhere within the
     * array
     */
    public Tensor read(JsonParser parser) throws InvalidFeaturesException {
        readLevel(parser, 0);
        return new Tensor(Arrays.copyOf(sizes, depth), Arrays.copyOf(values, count));
    }

    private void readLevel(JsonParser parser, int level) throws InvalidFeaturesException {
        int size = 0;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (token == JsonToken.START_ARRAY && level + 1 < DEEPEST && (depth == 0 || level + 1 < depth)) {
                readLevel(parser, level + 1);
            }
            else if (isNumber(token) && (depth == 0 || level + 1 == depth)) {
                depth = level + 1;
                appendFinite((float) parser.getDoubleValue());
            }
            else if (nullable && token == JsonToken.VALUE_NULL && (depth == 0 || level + 1 == depth)) {
                depth = level + 1;
                firstNull = (firstNull < 0) ? count : firstNull;
                append(Float.NaN);
            }
            else {
                // Nesting that is too deep for any request is malformed JSON first.
                parser.skipChildren();
                throw new InvalidFeaturesException("%s[%d] is %s, expected %s".formatted(field, count,
                        JsonTokens.name(token), (level + 1 < depth) ? "an array, as before it" : "a number"));
            }
            size++;
        }
        if (depth == 0) {
            depth = level + 1;
        }
        if (sizes[level] >= 0 && sizes[level] != size) {
            throw new InvalidFeaturesException(
                    "%s is not regular: an array at depth %d has %d items, those before it %d".formatted(field,
                            level + 1, size, sizes[level]));
        }
        sizes[level] = size;
    }

    private static boolean isNumber(JsonToken token) {
        return token == JsonToken.VALUE_NUMBER_FLOAT || token == JsonToken.VALUE_NUMBER_INT;
    }

    /**
     * {@return the position of the first item that was null, -1 if none was}
     */
    int firstNull() {
        return firstNull;
    }

    private void appendFinite(float value) throws InvalidFeaturesException {
        if (!Float.isFinite(value)) {
            throw new InvalidFeaturesException("%s[%d] is not finite as a 32-bit float".formatted(field, count));
        }
        append(value);
    }

    private void append(float value) throws InvalidFeaturesException {
        if (count == TensorSpec.MOST_ELEMENTS) {
            throw new InvalidFeaturesException("%s has more than %d numbers".formatted(field, count));
        }
        if (count == values.length) {
            values = Arrays.copyOf(values, count * 2);
        }
        values[count++] = value;
    }

}

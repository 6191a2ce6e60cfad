package io.modelserver.front.json;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.modelserver.model.BookLayout;
import io.modelserver.model.Datatype;
import io.modelserver.model.Tensor;
import io.modelserver.model.TensorSpec;
import io.modelserver.trading.InputArray;
import io.modelserver.trading.InvalidFeaturesException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A nested array.
 *
 * @param json the value
 * @param field what it is called in messages
 */
public record JsonArray(JsonSlice json, String field) implements InputArray {

    @Override
    public Tensor read(TensorSpec expected) throws InvalidFeaturesException {
        try (JsonParser parser = json.parser()) {
            JsonToken token = parser.nextToken();
            if (token != JsonToken.START_ARRAY) {
                throw new InvalidFeaturesException("%s is %s, expected an array of the shape %s".formatted(field,
                        JsonTokens.name(token), expected.shape()));
            }
            if (BookLayout.of(expected).isPresent()) {
                return new Books(field).read(parser);
            }
            return (expected.datatype() == Datatype.FP32) ? new NumberArrayReader(field).read(parser)
                    : new Elements(field, expected.datatype()).read(parser);
        }
        catch (JacksonException ex) {
            throw new InvalidFeaturesException(JsonTokens.reason(ex));
        }
    }

    /** Reads an array of an object, which has been read before and so is JSON. */
    static Tensor of(JsonSlice object, String field, TensorSpec expected) throws InvalidFeaturesException {
        JsonSlice array = object.from(field)
            .orElseThrow(() -> new InvalidFeaturesException(
                    "%s is not an array, expected one of the shape %s".formatted(field, expected.shape())));
        return new JsonArray(array, field).read(expected);
    }

    /** Reads a regular nested array of any datatype. Used once. */
    private static final class Elements {

        private static final int DEEPEST = 4;

        private final String field;

        private final Datatype datatype;

        private final List<Object> elements = new ArrayList<>();

        private final List<Integer> sizes = new ArrayList<>();

        private int depth;

        Elements(String field, Datatype datatype) {
            this.field = field;
            this.datatype = datatype;
        }

        Tensor read(JsonParser parser) throws InvalidFeaturesException {
            readLevel(parser, 0);
            int[] shape = sizes.stream().mapToInt(Integer::intValue).toArray();
            return switch (datatype) {
                case INT64 -> new Tensor(shape, elements.stream().mapToLong((number) -> (Long) number).toArray());
                case BYTES -> new Tensor(shape, elements.toArray(String[]::new));
                default -> Tensor.of(datatype, shape,
                        elements.stream().mapToDouble((number) -> ((Number) number).doubleValue()).toArray());
            };
        }

        private void readLevel(JsonParser parser, int level) throws InvalidFeaturesException {
            if (sizes.size() == level) {
                sizes.add(-1);
            }
            int size = 0;
            for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                boolean nested = token == JsonToken.START_ARRAY;
                if ((nested && level + 1 == DEEPEST) || (depth > 0 && nested != (level + 1 < depth))) {
                    throw new InvalidFeaturesException("%s[%d] is %s, expected %s".formatted(field, elements.size(),
                            JsonTokens.name(token), nested ? "an element" : "an array, as before it"));
                }
                if (nested) {
                    readLevel(parser, level + 1);
                }
                else {
                    depth = level + 1;
                    add(element(parser, token));
                }
                size++;
            }
            if (sizes.get(level) >= 0 && sizes.get(level) != size) {
                throw new InvalidFeaturesException(
                        "%s is not regular: an array at depth %d has %d items, those before it %d".formatted(field,
                                level + 1, size, sizes.get(level)));
            }
            sizes.set(level, size);
        }

        private void add(Object element) throws InvalidFeaturesException {
            if (elements.size() == TensorSpec.MOST_ELEMENTS) {
                throw new InvalidFeaturesException("%s has more than %d elements".formatted(field, elements.size()));
            }
            elements.add(element);
        }

        private Object element(JsonParser parser, JsonToken token) throws InvalidFeaturesException {
            if (datatype == Datatype.BYTES) {
                return (token == JsonToken.VALUE_STRING) ? parser.getString() : refuse(token, "a string");
            }
            if (datatype == Datatype.BOOL && token.isBoolean()) {
                return (token == JsonToken.VALUE_TRUE) ? 1 : 0;
            }
            if (!token.isNumeric()) {
                return refuse(token, (datatype == Datatype.BOOL) ? "true or false" : "a number");
            }
            double number = parser.getDoubleValue();
            return switch (datatype) {
                case INT64 -> integer(parser, token, Long.MIN_VALUE, Long.MAX_VALUE);
                case INT32 -> integer(parser, token, Integer.MIN_VALUE, Integer.MAX_VALUE);
                case BOOL -> integer(parser, token, 0, 1);
                case FP16 -> finite(number, Float.isFinite(Float.float16ToFloat(Float.floatToFloat16((float) number))));
                default -> finite(number, Double.isFinite(number));
            };
        }

        private double finite(double number, boolean finite) throws InvalidFeaturesException {
            if (!finite) {
                throw new InvalidFeaturesException(
                        "%s[%d] is not finite as %s".formatted(field, elements.size(), datatype));
            }
            return number;
        }

        /** An integer may be written with a point: some writers know no others. */
        private long integer(JsonParser parser, JsonToken token, long least, long most)
                throws InvalidFeaturesException {
            BigDecimal number = (token == JsonToken.VALUE_NUMBER_INT) ? new BigDecimal(parser.getBigIntegerValue())
                    : BigDecimal.valueOf(finite(parser.getDoubleValue(), Double.isFinite(parser.getDoubleValue())));
            if (number.stripTrailingZeros().scale() > 0 || number.compareTo(BigDecimal.valueOf(least)) < 0
                    || number.compareTo(BigDecimal.valueOf(most)) > 0) {
                throw new InvalidFeaturesException("%s[%d] is %s, expected an integer from %d to %d (%s)"
                    .formatted(field, elements.size(), parser.getString(), least, most, datatype));
            }
            return number.longValueExact();
        }

        private Object refuse(JsonToken token, String expected) throws InvalidFeaturesException {
            throw new InvalidFeaturesException(
                    "%s[%d] is %s, expected %s".formatted(field, elements.size(), JsonTokens.name(token), expected));
        }

    }

    /**
     * Reads order books: a nested array of numbers in which only those arrays may differ
     * in length that hold the levels of one side. Used once.
     */
    private static final class Books {

        private static final int DEEPEST = 4;

        private static final int PAIR = 2;

        private final String field;

        private double[] values = new double[64];

        private int count;

        /** How many arrays of numbers each array of such has. */
        private int[] rows = new int[4];

        private int sides;

        /** How many items the other levels have, -1 until their first array is closed. */
        private final int[] sizes = new int[DEEPEST];

        private int depth;

        /** Of the arrays that were empty before the depth was known. */
        private int emptyLevel = -1;

        Books(String field) {
            this.field = field;
            Arrays.fill(sizes, -1);
        }

        Tensor read(JsonParser parser) throws InvalidFeaturesException {
            readLevel(parser, 0);
            if (count == 0) {
                throw new InvalidFeaturesException(field + " has no level on either side");
            }
            if (emptyLevel >= 0 && emptyLevel != depth - 2) {
                throw irregular(emptyLevel, 0);
            }
            int most = Arrays.stream(rows, 0, sides).max().orElse(0);
            boolean twoSides = depth >= 3 && sizes[depth - 1] == PAIR && sizes[depth - 3] == PAIR;
            if (!twoSides && Arrays.stream(rows, 0, sides).anyMatch((size) -> size != most)) {
                throw irregular(depth - 2, most);
            }
            if (depth > 1) {
                sizes[depth - 2] = most;
            }
            return new Tensor(Arrays.copyOf(sizes, depth), twoSides ? filledUp(most) : Arrays.copyOf(values, count));
        }

        /** A side that has fewer levels gets levels of zeros. */
        private double[] filledUp(int most) throws InvalidFeaturesException {
            if ((long) sides * most * PAIR > TensorSpec.MOST_ELEMENTS) {
                throw tooMany();
            }
            double[] filled = new double[sides * most * PAIR];
            int from = 0;
            for (int side = 0; side < sides; side++) {
                System.arraycopy(values, from, filled, side * most * PAIR, rows[side] * PAIR);
                from += rows[side] * PAIR;
            }
            return filled;
        }

        private void readLevel(JsonParser parser, int level) throws InvalidFeaturesException {
            int size = 0;
            for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                if (token == JsonToken.START_ARRAY && level + 1 < DEEPEST && (depth == 0 || level + 1 < depth)) {
                    readLevel(parser, level + 1);
                }
                else if (token.isNumeric() && (depth == 0 || level + 1 == depth)) {
                    depth = level + 1;
                    append(parser.getDoubleValue());
                }
                else {
                    // Nesting that is too deep for any request is malformed JSON first.
                    parser.skipChildren();
                    throw new InvalidFeaturesException("%s: number %d is %s, expected %s".formatted(field, count,
                            JsonTokens.name(token), (level + 1 < depth) ? "an array, as before it" : "a number"));
                }
                size++;
            }
            close(level, size);
        }

        private void close(int level, int size) throws InvalidFeaturesException {
            boolean empty = depth == 0 && size == 0;
            if (empty && emptyLevel >= 0 && emptyLevel != level) {
                throw irregular(level, size);
            }
            if (empty || level == depth - 2) {
                emptyLevel = empty ? level : emptyLevel;
                rows = (sides == rows.length) ? Arrays.copyOf(rows, sides * 2) : rows;
                rows[sides++] = size;
            }
            else if (sizes[level] >= 0 && sizes[level] != size) {
                throw irregular(level, size);
            }
            else {
                sizes[level] = size;
            }
        }

        private void append(double value) throws InvalidFeaturesException {
            if (!Double.isFinite(value)) {
                throw new InvalidFeaturesException("%s: number %d is not finite".formatted(field, count));
            }
            if (count == TensorSpec.MOST_ELEMENTS) {
                throw tooMany();
            }
            values = (count == values.length) ? Arrays.copyOf(values, count * 2) : values;
            values[count++] = value;
        }

        private InvalidFeaturesException tooMany() {
            return new InvalidFeaturesException(
                    "%s has more than %d numbers".formatted(field, TensorSpec.MOST_ELEMENTS));
        }

        private InvalidFeaturesException irregular(int level, int size) {
            return new InvalidFeaturesException(
                    "%s is not regular: an array at depth %d has %d items, others at that depth have more or fewer"
                        .formatted(field, level + 1, size));
        }

    }

}

package io.modelserver.front.oip;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.modelserver.front.json.JsonTokens;
import io.modelserver.oip.tensor.WireTensor;
import io.modelserver.oip.tensor.WireType;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads the elements of a tensor, flat or nested as its shape says, in one pass; used
 * once. A null stands for a value that is missing, as NaN does, which Python writes.
 */
final class DataReader {

    private static final int DEEPEST = 32;

    private static final int FIRST_BYTES = 256;

    private static final BigInteger BEYOND_UINT64 = BigInteger.ONE.shiftLeft(Long.SIZE);

    private final String name;

    private final WireType type;

    /** How many items each level has, -1 until its first array is closed. */
    private final int[] sizes = new int[DEEPEST];

    private final List<ByteBuffer> texts = new ArrayList<>();

    private final CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();

    private ByteBuffer bytes = ByteBuffer.allocate(FIRST_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    private int depth;

    private int count;

    DataReader(String name, WireType type) {
        this.name = name;
        this.type = type;
        Arrays.fill(sizes, -1);
    }

    /**
     * Reads the array that the parser stands on.
     * @param parser on the start of the array; afterwards on its end
     */
    DataReader read(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw invalid("data is %s, expected an array".formatted(JsonTokens.name(parser.currentToken())));
        }
        readLevel(parser, 0);
        return this;
    }

    /**
     * Gives the elements.
     * @param shape of the tensor, which nested data must have too
     */
    WireTensor.Elements elements(List<Long> shape) {
        if (depth > 1) {
            List<Long> nested = Arrays.stream(sizes, 0, depth).asLongStream().boxed().toList();
            if (!nested.equals(shape)) {
                throw invalid("data is nested as %s, expected %s or a flat array".formatted(nested, shape));
            }
        }
        return (type == WireType.BYTES) ? new WireTensor.Texts(texts) : new WireTensor.Raw(bytes.duplicate().flip());
    }

    private void readLevel(JsonParser parser, int level) {
        int size = 0;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (token == JsonToken.START_ARRAY && level + 1 < DEEPEST && (depth == 0 || level + 1 < depth)) {
                readLevel(parser, level + 1);
            }
            else if (token != JsonToken.START_ARRAY && (depth == 0 || level + 1 == depth)) {
                depth = level + 1;
                readElement(parser, token);
                count++;
            }
            else {
                throw invalid("data[%d] is %s, expected %s".formatted(count, JsonTokens.name(token),
                        (level + 1 < depth) ? "an array, as before it" : "an element"));
            }
            size++;
        }
        depth = Math.max(depth, level + 1);
        if (sizes[level] >= 0 && sizes[level] != size) {
            throw invalid("data is not regular: an array at depth %d has %d items, those before it %d"
                .formatted(level + 1, size, sizes[level]));
        }
        sizes[level] = size;
    }

    private void readElement(JsonParser parser, JsonToken token) {
        switch (type.kind()) {
            case FLOATING -> putFloating(floating(parser, token));
            case INTEGER -> putInteger(parser, token);
            case TRUTH -> room(1).put(truth(parser, token));
            case TEXT -> {
                if (token != JsonToken.VALUE_STRING) {
                    throw unexpected(token, "a string");
                }
                texts.add(text(parser.getString()));
            }
        }
    }

    /** A half of a pair of surrogates is no character, and would become another one. */
    private ByteBuffer text(String text) {
        try {
            return encoder.encode(CharBuffer.wrap(text));
        }
        catch (CharacterCodingException ex) {
            throw invalid("data[%d] has half of a surrogate pair".formatted(count));
        }
    }

    private double floating(JsonParser parser, JsonToken token) {
        return switch (token) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_NULL -> Double.NaN;
            default -> throw unexpected(token, "a number");
        };
    }

    private void putFloating(double value) {
        ByteBuffer target = room(type.elementBytes());
        switch (type) {
            case FP64 -> target.putDouble(value);
            case FP32 -> target.putFloat((float) value);
            case FP16 -> target.putShort(Float.floatToFloat16((float) value));
            default -> target.putShort(brain((float) value));
        }
    }

    /** To the nearest, of two to that whose last bit is 0. */
    private static short brain(float value) {
        int bits = Float.floatToIntBits(value);
        int odd = (bits >>> Short.SIZE) & 1;
        return (short) (Float.isNaN(value) ? (bits >>> Short.SIZE) : (bits + 0x7FFF + odd) >>> Short.SIZE);
    }

    private void putInteger(JsonParser parser, JsonToken token) {
        if (token != JsonToken.VALUE_NUMBER_INT) {
            throw unexpected(token, "a whole number");
        }
        boolean large = parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER;
        BigInteger big = large ? parser.getBigIntegerValue() : BigInteger.ZERO;
        boolean unsigned = type == WireType.UINT64;
        if (large && (!unsigned || big.signum() < 0 || big.compareTo(BEYOND_UINT64) >= 0)) {
            throw outOfRange(big);
        }
        long value = large ? big.longValue() : parser.getLongValue();
        if (!large && !isInRange(value)) {
            throw outOfRange(BigInteger.valueOf(value));
        }
        ByteBuffer target = room(type.elementBytes());
        switch (type.elementBytes()) {
            case Byte.BYTES -> target.put((byte) value);
            case Short.BYTES -> target.putShort((short) value);
            case Integer.BYTES -> target.putInt((int) value);
            default -> target.putLong(value);
        }
    }

    private boolean isInRange(long value) {
        return switch (type) {
            case INT8 -> value == (byte) value;
            case INT16 -> value == (short) value;
            case INT32 -> value == (int) value;
            case UINT8 -> value == (value & 0xFF);
            case UINT16 -> value == (value & 0xFFFF);
            case UINT32 -> value == (value & 0xFFFF_FFFFL);
            case UINT64 -> value >= 0;
            default -> true;
        };
    }

    private byte truth(JsonParser parser, JsonToken token) {
        if (token == JsonToken.VALUE_NUMBER_INT && parser.getNumberType() == JsonParser.NumberType.INT
                && (parser.getIntValue() & ~1) == 0) {
            return (byte) parser.getIntValue();
        }
        return switch (token) {
            case VALUE_TRUE -> 1;
            case VALUE_FALSE -> 0;
            default -> throw unexpected(token, "true or false");
        };
    }

    private ByteBuffer room(int more) {
        if (bytes.remaining() < more) {
            bytes = ByteBuffer.allocate(Math.multiplyExact(bytes.capacity(), 2))
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(bytes.flip());
        }
        return bytes;
    }

    private OipRefusal outOfRange(BigInteger value) {
        return invalid("data[%d] is %s, which is out of the range of %s".formatted(count, value, type));
    }

    private OipRefusal unexpected(JsonToken token, String expected) {
        return invalid("data[%d] is %s, expected %s for %s".formatted(count, JsonTokens.name(token), expected, type));
    }

    private OipRefusal invalid(String problem) {
        return OipRefusal.invalid("input '%s': %s".formatted(name, problem));
    }

}

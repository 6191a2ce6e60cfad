package io.modelserver.front.json;

import java.util.Arrays;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;
import io.modelserver.model.Tensor;
import io.modelserver.model.TensorSpec;
import org.jspecify.annotations.Nullable;

/**
 * Reads a regular nested array of numbers, of which some may be null, from the bytes of a
 * request, without the tokens in between. It reads only what is plainly right; whatever
 * else it meets is left to {@link NumberArrayReader}, which says what is wrong. Used
 * once.
 * <p>
 * Every value is {@code (float) Double.parseDouble(token)}. A token's digits are an
 * integer, its point and exponent a power of ten, of which {@link DecimalRounding} makes
 * a float where it can do so for certain. What is left over goes to FastDoubleParser.
 */
final class NumberArrayScanner {

    private static final int DEEPEST = 4;

    private static final int LONGEST_NUMBER = 400;

    private static final int NOT_PLAIN = -1;

    private static final int MOST_SHORT_DIGITS = 7;

    /**
     * After this many numbers in a row that are not short decimals, no more are expected.
     */
    private static final int MOST_MISSES = 8;

    /** With its sign, its point and what follows. */
    private static final int LONGEST_SHORT_DECIMAL = 24;

    /** So many digits fit a long. */
    private static final int MOST_DIGITS = 18;

    private static final int LARGEST_EXPONENT = 100_000;

    private final RequestBuffer buffer;

    private final byte[] bytes;

    private final int end;

    private final int[] sizes = new int[DEEPEST];

    private float[] values;

    private int count;

    private int depth;

    private float number;

    private int firstNull = -1;

    private int misses;

    /**
     * Creates a scanner.
     * @param buffer holds the bytes, and the numbers meanwhile
     * @param end where the bytes end
     */
    NumberArrayScanner(RequestBuffer buffer, int end) {
        this.buffer = buffer;
        this.bytes = buffer.bytes();
        this.end = end;
        this.values = buffer.numbers();
        Arrays.fill(sizes, -1);
    }

    /**
     * Reads an array.
     * @param start index of its opening bracket
     * @return the array, or null if it is not plainly a regular array of finite numbers
     * and nulls
     */
    @Nullable ScannedArray scan(int start) {
        int after = readLevel(start + 1, 0);
        buffer.keepNumbers(values);
        return (after == NOT_PLAIN) ? null : new ScannedArray(
                new Tensor(Arrays.copyOf(sizes, depth), Arrays.copyOf(values, count)), firstNull, start, after);
    }

    /**
     * {@return the index after the closing bracket}
     */
    private int readLevel(int start, int level) {
        int at = skipSpace(start);
        int size = 0;
        if (at < end && bytes[at] == ']') {
            return close(at, level, 0);
        }
        while (at < end) {
            if (bytes[at] == '[' && level + 1 < DEEPEST && (depth == 0 || level + 1 < depth)) {
                at = readLevel(at + 1, level + 1);
            }
            else if (depth == 0 || level + 1 == depth) {
                depth = level + 1;
                if (misses < MOST_MISSES) {
                    int before = count;
                    at = skipSpace(readShortDecimals(at));
                    size += count - before;
                    misses = (count == before) ? misses + 1 : 0;
                }
                at = (at < end) ? readNumber(at) : NOT_PLAIN;
                if (count == TensorSpec.MOST_ELEMENTS) {
                    return NOT_PLAIN;
                }
                append(number);
            }
            else {
                return NOT_PLAIN;
            }
            size++;
            if (at == NOT_PLAIN) {
                return NOT_PLAIN;
            }
            at = skipSpace(at);
            if (at < end && bytes[at] == ']') {
                return close(at, level, size);
            }
            if (at >= end || bytes[at] != ',') {
                return NOT_PLAIN;
            }
            at = skipSpace(at + 1);
        }
        return NOT_PLAIN;
    }

    private int close(int at, int level, int size) {
        if (depth == 0) {
            depth = level + 1;
        }
        if (sizes[level] >= 0 && sizes[level] != size) {
            return NOT_PLAIN;
        }
        sizes[level] = size;
        return at + 1;
    }

    /**
     * Reads what nearly all numbers are: decimals of at most seven digits before the
     * point and eight behind it, each followed by a comma and perhaps a space.
     * @return the index of the first number that is not one of these
     */
    private int readShortDecimals(int start) {
        byte[] text = bytes;
        float[] numbers = values;
        int most = Math.min(numbers.length, TensorSpec.MOST_ELEMENTS);
        int read = count;
        int at = start;
        while (at + LONGEST_SHORT_DECIMAL <= end && read < most) {
            int next = (text[at] == '-') ? at + 1 : at;
            int firstDigit = next;
            long digits = 0;
            while (isDigit(text[next]) && next - firstDigit < MOST_SHORT_DIGITS) {
                digits = digits * 10 + (text[next++] - '0');
            }
            if (next == firstDigit || (text[firstDigit] == '0' && next > firstDigit + 1)) {
                break;
            }
            double magnitude = digits;
            if (text[next] == '.') {
                long eight = EightDigits.at(text, next + 1);
                int fraction = EightDigits.leading(eight);
                if (fraction == 0) {
                    break;
                }
                digits = EightDigits.append(digits, eight, fraction);
                magnitude = DecimalRounding.fraction(digits, fraction);
                next += 1 + fraction;
            }
            if (text[next] != ',') {
                break;
            }
            numbers[read++] = (float) ((text[at] == '-') ? -magnitude : magnitude);
            at = (text[next + 1] == ' ') ? next + 2 : next + 1;
        }
        count = read;
        return at;
    }

    /**
     * {@return the index after the number or null, which is left in its field}
     */
    private int readNumber(int start) {
        byte[] text = bytes;
        int at = (text[start] == '-') ? start + 1 : start;
        int firstDigit = at;
        long digits = 0;
        while (at < end && isDigit(text[at])) {
            digits = digits * 10 + (text[at++] - '0');
        }
        int length = at - firstDigit;
        if (length == 0) {
            return readNull(start);
        }
        if (length > 1 && text[firstDigit] == '0') {
            return NOT_PLAIN;
        }
        int power = 0;
        if (at < end && text[at] == '.') {
            int firstFraction = ++at;
            while (at < end && isDigit(text[at])) {
                digits = digits * 10 + (text[at++] - '0');
            }
            power = firstFraction - at;
            length -= power;
            if (power == 0) {
                return NOT_PLAIN;
            }
        }
        if (at < end && (text[at] | 0x20) == 'e') {
            int afterSign = (at + 1 < end && (text[at + 1] == '+' || text[at + 1] == '-')) ? at + 2 : at + 1;
            int exponent = 0;
            for (at = afterSign; at < end && isDigit(text[at]); at++) {
                exponent = Math.min(LARGEST_EXPONENT, exponent * 10 + (text[at] - '0'));
            }
            if (at == afterSign) {
                return NOT_PLAIN;
            }
            power += (text[afterSign - 1] == '-') ? -exponent : exponent;
        }
        if (at - start > LONGEST_NUMBER) {
            return NOT_PLAIN;
        }
        boolean fits = length <= MOST_DIGITS || length - leadingZeros(firstDigit) <= MOST_DIGITS;
        number = fits ? DecimalRounding.toFloat(digits, power, text[start] == '-') : Float.NaN;
        return Float.isFinite(number) ? at : parse(start, at);
    }

    private int readNull(int start) {
        if (start + 4 > end || bytes[start] != 'n' || bytes[start + 1] != 'u' || bytes[start + 2] != 'l'
                || bytes[start + 3] != 'l') {
            return NOT_PLAIN;
        }
        firstNull = (firstNull < 0) ? count : firstNull;
        number = Float.NaN;
        return start + 4;
    }

    private int leadingZeros(int firstDigit) {
        int zeros = 0;
        for (int at = firstDigit; at < end && (bytes[at] == '0' || bytes[at] == '.'); at++) {
            zeros += (bytes[at] == '0') ? 1 : 0;
        }
        return zeros;
    }

    private int parse(int start, int after) {
        number = (float) JavaDoubleParser.parseDouble(bytes, start, after - start);
        return Float.isFinite(number) ? after : NOT_PLAIN;
    }

    private void append(float value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, count * 2);
        }
        values[count++] = value;
    }

    private int skipSpace(int start) {
        int at = start;
        while (at < end && isSpace(bytes[at])) {
            at++;
        }
        return at;
    }

    static boolean isSpace(byte character) {
        return character <= ' ' && (character == ' ' || character == '\n' || character == '\r' || character == '\t');
    }

    private static boolean isDigit(byte character) {
        return character >= '0' && character <= '9';
    }

}

package io.modelserver.front.json;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class NumberArrayScannerTest {

    private static final int RANDOM_TOKENS = 200_000;

    private final Random random = new Random(20260102);

    @Test
    void theShapeIsThatOfTheNesting() {
        assertThat(scan("[1,2,3]").tensor().shape()).containsExactly(3);
        assertThat(scan(" [ [1 , 2],\r\n\t[3, 4] ,[5,6]]").tensor().shape()).containsExactly(3, 2);
        assertThat(scan("[[[1],[2]]]").tensor().shape()).containsExactly(1, 2, 1);
        assertThat(scan("[]").tensor().shape()).containsExactly(0);
        assertThat(scan("[[],[]]").tensor().shape()).containsExactly(2, 0);
    }

    @Test
    void theArrayEndsWithItsBracket() {
        ScannedArray array = scan("[1, 2], \"more\": [3]}");

        assertThat(array.end()).isEqualTo(6);
        assertThat(array.tensor().values()).containsExactly(1, 2);
    }

    @ParameterizedTest
    @ValueSource(strings = { "[1,]", "[,1]", "[1 2]", "[1", "[", "[01]", "[-]", "[+1]", "[.5]", "[5.]", "[1e]", "[1e+]",
            "[1.e5]", "[0x10]", "[NaN]", "[Infinity]", "[-Infinity]", "[nul]", "[-null]", "[null1]", "[nullnull]",
            "[NULL]", "[1,null", "[true]", "[\"1\"]", "[{}]", "[1,[2]]", "[[1],2]", "[[1],[2,3]]", "[[[[[1]]]]]",
            "[1e39]", "[-1e999]", "[1f]", "[1d]", "[--1]", "[1-2]", "[00]", "[-01]", "[1}", "[١]" })
    void whatIsNotPlainlyRightIsLeftToTheReader(String json) {
        assertThat(scanOrNull(json)).isNull();
    }

    @Test
    void moreNumbersThanAnyModelTakesAreLeftToTheReader() {
        assertThat(scanOrNull("[" + "1,".repeat(1 << 21) + "1]")).isNull();
        assertThat(scan("[" + "1,".repeat((1 << 21) - 1) + "1]").tensor().values()).hasSize(1 << 21);
    }

    @ParameterizedTest
    @ValueSource(strings = { "0", "-0", "-0.0", "0e5", "0.000e-400", "1e22", "1e23", "1e-22", "1e-23", "1E+2", "1e0005",
            "9007199254740993", "9007199254740992e-5", "16777217", "16777217.0000000000000000000000001", "33554433",
            "1.4e-45", "0.7e-45", "7.006492321624085e-46", "7.0064923216240861e-46", "1.1754943508222875e-38",
            "1.1754942807573643e-38", "3.4028235e38", "3.4028235677973365e38", "3.4028235677973362e38",
            "340282346638528859811704183484516925440", "1.00000005960464477539062500", "1.00000005960464477539062501",
            "1.0000000596046447", "1.00000017881393432617187500", "1.000000178813934326171874", "0.1", "0.3",
            "123456789012345678", "1234567890123456789", "12345678901234567890", "0.0000000000000000000001",
            "0.00000000000000000000000123456789012345678", "2.2250738585072014e-308", "4.9e-324", "1e-400",
            "0.000000000000000000000000000000000000000000000000000000001e57" })
    void adversarialTokensHaveTheirExactValue(String token) {
        assertExact(List.of(token));
    }

    @Test
    void aNumberThatIsTooLongIsLeftToTheReader() {
        assertThat(scanOrNull("[1e" + "0".repeat(500) + "]")).isNull();
        assertThat(scanOrNull("[0." + "0".repeat(500) + "]")).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "[null]|0", "[1,null,2.5,null]|1", "[[1, 2],[3 , null ]]|3", "[1,2]|-1",
            "[0.25,0.5,0.75,0.125,0.25,0.5,0.75,0.125,null,0.25,0.5,0.75,0.125]|8" })
    void aNullIsNotANumberAndItsPlaceIsTold(String json, int first) {
        ScannedArray array = scan(json);

        float[] expected = new float[array.tensor().size()];
        String[] tokens = json.replaceAll("[\\[\\] ]", "").split(",", -1);
        for (int i = 0; i < expected.length; i++) {
            expected[i] = tokens[i].equals("null") ? Float.NaN : Float.parseFloat(tokens[i]);
        }
        assertThat(array.tensor().values()).containsExactly(expected);
        assertThat(array.firstNull()).isEqualTo(first);
    }

    @Test
    void everyTokenHasTheValueOfParseDouble() {
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < RANDOM_TOKENS; i++) {
            tokens.add(randomToken());
        }
        assertExact(tokens);
    }

    @ParameterizedTest
    @ValueSource(strings = { ",", ", ", " ,", ",  ", ",\n" })
    void shortDecimalsInARowHaveTheValueOfParseDouble(String separator) {
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < RANDOM_TOKENS / 10; i++) {
            String integer = random.nextBoolean() ? "0" : digits(1 + random.nextInt(9));
            tokens.add(sign() + integer + (random.nextInt(9) == 0 ? "" : "." + anyDigits(1 + random.nextInt(10)))
                    + (random.nextInt(50) == 0 ? "e-3" : ""));
        }
        assertExact(tokens, separator);
    }

    /** Decimals a hair's breadth from where a float is rounded up or down. */
    @Test
    void tokensBesideATieHaveTheValueOfParseDouble() {
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < RANDOM_TOKENS / 10; i++) {
            float lower = Math.abs(Float.intBitsToFloat(random.nextInt(0x7f000000)));
            BigDecimal tie = new BigDecimal(lower).add(new BigDecimal(Math.nextUp(lower)))
                .divide(BigDecimal.valueOf(2));
            tokens.add(tie.toString());
            tokens.add(tie.round(new java.math.MathContext(15 + random.nextInt(5))).toString());
            tokens.add(tie.round(new java.math.MathContext(17)).toPlainString());
            tokens.add(tie.add(tie.ulp()).toString());
            tokens.add(tie.subtract(tie.ulp()).toString());
        }
        assertExact(tokens.stream().filter((token) -> token.length() <= 400).toList());
    }

    private String randomToken() {
        return switch (random.nextInt(8)) {
            case 0 -> Integer.toString(random.nextInt());
            case 1 -> Long.toString(random.nextLong());
            case 2 -> Float.toString(random.nextFloat() * 2 - 1);
            case 3 -> Double.toString(random.nextGaussian());
            case 4 -> Double.toString(random.nextGaussian() * Math.pow(10, random.nextInt(70) - 35));
            case 5 -> Float.toString(Float.intBitsToFloat(random.nextInt(0x7f800000)));
            case 6 -> sign() + digits(1 + random.nextInt(25)) + "." + digits(1 + random.nextInt(25)).replace('9', '0');
            default -> sign() + "0." + "0".repeat(random.nextInt(12)) + digits(1 + random.nextInt(22)) + "e"
                    + (random.nextInt(60) - 35);
        };
    }

    private String sign() {
        return random.nextBoolean() ? "-" : "";
    }

    private String digits(int length) {
        StringBuilder text = new StringBuilder().append((char) ('1' + random.nextInt(9)));
        while (text.length() < length) {
            text.append((char) ('0' + random.nextInt(10)));
        }
        return text.toString();
    }

    private String anyDigits(int length) {
        return random.ints(length, '0', '9' + 1)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    }

    private static void assertExact(List<String> tokens) {
        assertExact(tokens, ",");
    }

    private static void assertExact(List<String> tokens, String separator) {
        List<String> finite = tokens.stream()
            .filter((token) -> Float.isFinite((float) Double.parseDouble(token)))
            .toList();
        float[] values = scan("[" + String.join(separator, finite) + "]").tensor().values();

        assertThat(values).hasSameSizeAs(finite);
        for (int i = 0; i < values.length; i++) {
            float expected = (float) Double.parseDouble(finite.get(i));
            assertThat(Float.floatToRawIntBits(values[i])).as(finite.get(i))
                .isEqualTo(Float.floatToRawIntBits(expected));
        }
    }

    private static ScannedArray scan(String json) {
        ScannedArray array = scanOrNull(json);
        assertThat(array).as(json).isNotNull();
        return array;
    }

    private static @Nullable ScannedArray scanOrNull(String json) {
        byte[] bytes = json.strip().getBytes(StandardCharsets.UTF_8);
        return new NumberArrayScanner(new RequestBuffer(bytes), bytes.length).scan(0);
    }

}

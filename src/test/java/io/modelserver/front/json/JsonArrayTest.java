package io.modelserver.front.json;

import java.nio.charset.StandardCharsets;
import java.util.List;

import io.modelserver.model.Tensor;
import io.modelserver.model.TensorSpec;
import io.modelserver.trading.InvalidFeaturesException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class JsonArrayTest {

    private static final TensorSpec BOOKS = new TensorSpec("raw_lob", List.of(3, 2, 4));

    @Test
    void theShorterSideOfABookIsFilledUpWithZeros() throws Exception {
        Tensor book = read("[[[101, 1], [102, 2]], [[100, 3]]]");

        assertThat(book.shape()).containsExactly(2, 2, 2);
        assertThat(book.array(double[].class)).containsExactly(101, 1, 102, 2, 100, 3, 0, 0);
    }

    @Test
    void aSideMayBeEmpty() throws Exception {
        assertThat(read("[[], [[100, 3]]]").array(double[].class)).containsExactly(0, 0, 100, 3);
        assertThat(read("[[[101, 1]], []]").array(double[].class)).containsExactly(101, 1, 0, 0);
        assertThat(read("[[[], []], [[[101, 1]], [[100, 3], [99, 1]]]]").shape()).containsExactly(2, 2, 2, 2);
    }

    @Test
    void rowsOfFourKeepTheirShape() throws Exception {
        assertThat(read("[[1, 2, 3, 4], [5, 6, 7, 8]]").shape()).containsExactly(2, 4);
        assertThat(read("[[[1, 2, 3, 4]], [[5, 6, 7, 8]]]").shape()).containsExactly(2, 1, 4);
        assertThat(read("[1, 2, 3, 4, 5, 6, 7, 8]").shape()).containsExactly(8);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "[[], []]|no level on either side", "[]|no level on either side",
            "[[[1, 2, 3, 4]], [[1, 2, 3, 4], [1, 2, 3, 4]]]|is not regular",
            "[[[101, 1]], [[100, 3]], [[99, 3], [98, 1]]]|is not regular", "[[[101, 1], [102]], []]|is not regular",
            "[[], [100, 3]]|is not regular", "[[[101, \"1\"]], []]|number 1 is a string, expected a number",
            "[[[101, 1e999]], []]|number 1 is not finite", "[[[[[1]]]]]|is an array, expected a number",
            "{\"asks\": []}|raw_lob is an object, expected an array" })
    void whatIsNoBookIsRefused(String json, String reason) {
        assertThatExceptionOfType(InvalidFeaturesException.class).isThrownBy(() -> read(json))
            .withMessageContaining(reason);
    }

    /** Each of its short sides would be filled up to the length of the long one. */
    @Test
    void aBookThatWouldGrowBeyondAllBoundsIsRefused() {
        String sides = "[[],[[1,1]]],".repeat(20_000);
        String longSide = "[" + "[1,1],".repeat(20_000) + "[1,1]]";

        assertThatExceptionOfType(InvalidFeaturesException.class)
            .isThrownBy(() -> read("[" + sides + "[[]," + longSide + "]]"))
            .withMessageContaining("more than 2097152 numbers");
    }

    private static Tensor read(String json) throws InvalidFeaturesException {
        return new JsonArray(new JsonSlice(json.getBytes(StandardCharsets.UTF_8)), "raw_lob").read(BOOKS);
    }

}

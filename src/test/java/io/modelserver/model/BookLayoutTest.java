package io.modelserver.model;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class BookLayoutTest {

    private static final BookLayout TWO_LEVELS = new BookLayout(0, 2, List.of());

    @Test
    void asksAndBidsBecomeRowsOfBidAndAsk() {
        Tensor arranged = TWO_LEVELS.arrange(tensor(new int[] { 2, 2, 2 }, 101, 1, 102, 2, 100, 3, 99, 4), "raw_lob");

        assertThat(arranged.shape()).containsExactly(1, 2, 4);
        assertThat(numbers(arranged)).containsExactly(100, 3, 101, 1, 99, 4, 102, 2);
    }

    @Test
    void theColumnsOfTheMetadataGiveTheirOrder() {
        BookLayout asksFirst = new BookLayout(0, 1, List.of("ask_qty", "ask_price", "bid_price", "bid_qty"));

        assertThat(numbers(asksFirst.arrange(tensor(new int[] { 2, 1, 2 }, 101, 1, 100, 3), "raw_lob")))
            .containsExactly(1, 101, 100, 3);
    }

    @Test
    void theBestLevelsAreKeptAndMissingOnesAreZeros() {
        Tensor three = tensor(new int[] { 2, 3, 2 }, 101, 1, 102, 2, 103, 9, 100, 3, 99, 4, 98, 9);
        Tensor one = tensor(new int[] { 2, 1, 2 }, 101, 1, 100, 3);

        assertThat(numbers(TWO_LEVELS.arrange(three, "raw_lob"))).containsExactly(100, 3, 101, 1, 99, 4, 102, 2);
        assertThat(numbers(TWO_LEVELS.arrange(one, "raw_lob"))).containsExactly(100, 3, 101, 1, 0, 0, 0, 0);
    }

    @ParameterizedTest
    @CsvSource({ "-1, 2", "0, 2" })
    void aPriceThatIsNotAboveZeroIsRefused(double price, double quantity) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> TWO_LEVELS.arrange(tensor(new int[] { 2, 1, 2 }, 101, 1, price, quantity), "raw_lob"))
            .withMessageContaining("level 0 of the bids has the price")
            .withMessageContaining("expected one above 0");
    }

    @Test
    void levelsThatAreMissingAreNotScaled() {
        TensorSpec spec = new TensorSpec(ModelMetadata.RAW_LOB, List.of(2, 4));
        Scale scale = new Scale(new double[] { 100 }, new double[] { 2 }, 0);
        InputPreparation preparation = new InputPreparation(false,
                Map.of(ModelMetadata.RAW_LOB, new Scaling(scale, Map.of())));
        ModelInput book = new ModelInput(
                List.of(new Tensor(new int[] { 2, 4 }, new float[] { 98, 100, 102, 0, 0, 0, 104, 100 })));

        assertThat(preparation.scaled(List.of(spec), book).tensors().getFirst().values()).containsExactly(-1, 0, 1, -50,
                0, 0, 2, 0);
    }

    @Test
    void aFreeNumberOfLevelsIsThatOfTheLongerSide() {
        BookLayout free = new BookLayout(0, TensorSpec.FREE, List.of());

        assertThat(free.arrange(tensor(new int[] { 2, 3, 2 }, 101, 1, 0, 0, 0, 0, 100, 3, 99, 4, 98, 5), "raw_lob")
            .shape()).containsExactly(1, 3, 4);
    }

    /**
     * Two books of two levels: whatever is two, four numbers are a row of the model's.
     */
    @Test
    void theLengthOfTheRowsTellsTheFormsApart() {
        BookLayout twoBooks = new BookLayout(2, 2, List.of());
        double[] rows = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };

        assertThat(numbers(twoBooks.arrange(tensor(new int[] { 2, 2, 4 }, rows), "raw_lob"))).containsExactly(rows);
        assertThat(twoBooks.arrange(tensor(new int[] { 2, 4 }, 1, 2, 3, 4, 5, 6, 7, 8), "raw_lob").shape())
            .containsExactly(1, 2, 4);
        assertThat(numbers(twoBooks.arrange(tensor(new int[] { 2, 2, 2 }, 101, 1, 102, 2, 100, 3, 99, 4), "raw_lob")))
            .containsExactly(100, 3, 101, 1, 99, 4, 102, 2);
        assertThat(twoBooks
            .arrange(tensor(new int[] { 2, 2, 2, 2 }, 101, 1, 102, 2, 100, 3, 99, 4, 201, 1, 202, 2, 200, 3, 199, 4),
                    "raw_lob")
            .shape()).containsExactly(2, 2, 4);
    }

    @Test
    void flatNumbersAreAsManyBooksAsTheyFill() {
        assertThat(new BookLayout(2, 1, List.of()).arrange(tensor(new int[] { 8 }, 1, 2, 3, 4, 5, 6, 7, 8), "raw_lob")
            .shape()).containsExactly(2, 1, 4);
        assertThatIllegalArgumentException()
            .isThrownBy(() -> TWO_LEVELS.arrange(tensor(new int[] { 4 }, 1, 2, 3, 4), "raw_lob"))
            .withMessageContaining("has the shape [4], expected [asks, bids]")
            .withMessageContaining("or [2, 4]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = { "100,3,99,4,101,1,102,2|level 1 of the asks has the price 99.0, after 100.0",
                    "101,1,102,2,99,4,100,3|level 1 of the bids has the price 100.0, after 99.0",
                    "101,-1,102,2,100,3,99,4|level 0 of the asks has the quantity -1.0",
                    "0,0,0,0,0,0,0,0|no level on either side" })
    void aBookThatIsNotAsTheServerTakesItIsRefused(String sent, String reason) {
        double[] numbers = Arrays.stream(sent.split(",")).mapToDouble(Double::parseDouble).toArray();

        assertThatIllegalArgumentException()
            .isThrownBy(() -> TWO_LEVELS.arrange(tensor(new int[] { 2, 2, 2 }, numbers), "raw_lob"))
            .withMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "0,0,0,0,100,3,99,4|only bids", "99,1,102,2,100,3,98,4|crossed",
            "101,1,101,2,100,3,100,4|one price twice", "0,0,102,2,100,3,0,0|a level in between is missing" })
    void aBookThatMarketsShowIsTaken(String sent, String what) {
        double[] numbers = Arrays.stream(sent.split(",")).mapToDouble(Double::parseDouble).toArray();

        assertThat(TWO_LEVELS.arrange(tensor(new int[] { 2, 2, 2 }, numbers), "raw_lob").size()).as(what).isEqualTo(8);
    }

    @Test
    void columnsThatOnlyTheTrainerKnowsCantBeFilledFromAsksAndBids() {
        BookLayout unknown = new BookLayout(0, 1, List.of("ap", "av", "bp", "bv"));

        assertThatIllegalArgumentException()
            .isThrownBy(() -> unknown.arrange(tensor(new int[] { 2, 1, 2 }, 101, 1, 100, 3), "raw_lob"))
            .withMessageContaining("hold [ap, av, bp, bv]")
            .withMessageContaining("send rows of 4 numbers");
        assertThat(numbers(unknown.arrange(tensor(new int[] { 1, 4 }, 101, 1, 100, 3), "raw_lob"))).containsExactly(101,
                1, 100, 3);
    }

    @Test
    void onlyAnInputOfThatNameAndRowsOfFourTakesOrderBooks() {
        assertThat(BookLayout.of(new TensorSpec("raw_lob", List.of(20, 10, 4))))
            .contains(new BookLayout(20, 10, List.of()));
        assertThat(BookLayout.of(new TensorSpec("raw_lob", List.of(10, 4)))).contains(new BookLayout(0, 10, List.of()));
        assertThat(BookLayout.of(new TensorSpec("book", List.of(20, 10, 4)))).isEmpty();
        assertThat(BookLayout.of(new TensorSpec("raw_lob", List.of(2, -1, 2)))).isEmpty();
        assertThat(BookLayout.of(new TensorSpec("raw_lob", List.of(20, 40)))).isEmpty();
        assertThat(BookLayout.of(new TensorSpec("raw_lob", Datatype.INT64, List.of(10, 4)))).isEmpty();
    }

    private static Tensor tensor(int[] shape, double... numbers) {
        return new Tensor(shape, numbers);
    }

    private static double[] numbers(Tensor tensor) {
        return tensor.array(double[].class);
    }

}

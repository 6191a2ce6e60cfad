package io.modelserver.model;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How an input takes order books: one or several, each with a number of levels, the best
 * first, each level a row of four numbers. A caller sends rows of four numbers, which are
 * taken in the model's own order, or a book as {@code [asks, bids]} with two numbers per
 * level, price and quantity, which are put in the order of the columns. The length of the
 * rows tells the two apart, whatever the other dimensions are.
 *
 * @param books how many books the model looks at, {@link TensorSpec#FREE} for any number,
 * 0 for one book without an axis of its own
 * @param levels how many levels each has, {@link TensorSpec#FREE} for any number
 * @param columns what the numbers of a level are, as the metadata says it; empty if it
 * does not
 */
public record BookLayout(int books, int levels, List<String> columns) {

    /** What the numbers of a level are called, in the order that holds by default. */
    public static final List<String> COLUMNS = List.of("bid_price", "bid_qty", "ask_price", "ask_qty");

    private static final List<String> SIDES = List.of("asks", "bids");

    private static final int WIDTH = 4;

    private static final int PAIR = 2;

    /**
     * Derives the layout of an input.
     * @param spec the input
     * @return the layout, empty if the input does not take order books in this way
     */
    public static Optional<BookLayout> of(TensorSpec spec) {
        if (!spec.name().equals(ModelMetadata.RAW_LOB)) {
            return Optional.empty();
        }
        List<Integer> shape = spec.shape();
        boolean floating = switch (spec.datatype()) {
            case FP32, FP64, FP16 -> true;
            case INT64, INT32, BOOL, BYTES -> false;
        };
        if (!floating || shape.size() < 2 || shape.size() > 3 || shape.getLast() != WIDTH) {
            return Optional.empty();
        }
        int books = (shape.size() == 3) ? shape.getFirst() : 0;
        return Optional.of(new BookLayout(books, shape.get(shape.size() - 2), spec.columns()));
    }

    /**
     * {@return whether the model looks at several books, a fixed number of them, so that
     * they can be sent one by one}
     */
    public boolean looksBack() {
        return books > 1 && levels != TensorSpec.FREE;
    }

    /**
     * {@return whether it is known what each number of a level is}
     */
    public boolean isKnown() {
        return columns.isEmpty() || (columns.size() == WIDTH && columns.containsAll(COLUMNS));
    }

    /**
     * Puts what a caller sent into the model's order.
     * @param came the numbers as {@link Datatype#FP64} in the shape in which they came;
     * missing levels of a side are {@code [0, 0]}
     * @param field what they are called in messages
     * @return shape {@code [books, levels, 4]}: of {@code [asks, bids]} the best levels
     * that the model looks at, zeros where there are fewer
     * @throws IllegalArgumentException if they can't be used; the message says why
     */
    public Tensor arrange(Tensor came, String field) {
        int[] shape = came.shape();
        int rank = shape.length;
        if (rank >= 3 && shape[rank - 1] == PAIR && shape[rank - 3] == SIDES.size()) {
            int count = (rank == 3) ? 1 : shape[0];
            return ofSides(came.array(double[].class), count, shape[rank - 2], field);
        }
        int size = (levels == TensorSpec.FREE) ? 0 : levels * WIDTH;
        if (rank == 1 && size > 0 && shape[0] > 0 && shape[0] % size == 0) {
            return came.withShape(shape[0] / size, levels, WIDTH);
        }
        boolean rows = (rank == 2 || rank == 3) && shape[rank - 1] == WIDTH && shape[rank - 2] > 0;
        if (!rows || (levels != TensorSpec.FREE && shape[rank - 2] != levels)) {
            throw unfitting(Arrays.toString(shape), field);
        }
        return came.withShape((rank == 2) ? 1 : shape[0], shape[rank - 2], WIDTH);
    }

    private IllegalArgumentException unfitting(String came, String field) {
        String level = (levels == TensorSpec.FREE) ? "levels" : Integer.toString(levels);
        String several = (books == TensorSpec.FREE) ? ", or a list of such books"
                : (books > 1) ? ", or a list of %d such books".formatted(books) : "";
        return new IllegalArgumentException(
                "%s has the shape %s, expected [asks, bids] with [price, quantity] per level, or [%s, 4]%s"
                    .formatted(field, came, level, several));
    }

    private Tensor ofSides(double[] numbers, int count, int sent, String field) {
        if (!isKnown()) {
            throw new IllegalArgumentException(("%s is [asks, bids], but this model's levels hold %s, which the server "
                    + "can't fill from them: send rows of %d numbers in that order")
                .formatted(field, columns, WIDTH));
        }
        List<String> order = columns.isEmpty() ? COLUMNS : columns;
        int kept = (levels == TensorSpec.FREE) ? sent : levels;
        if ((long) count * kept * WIDTH > TensorSpec.MOST_ELEMENTS) {
            throw new IllegalArgumentException(
                    "%s has more than %d numbers".formatted(field, TensorSpec.MOST_ELEMENTS));
        }
        double[] arranged = new double[count * kept * WIDTH];
        for (int book = 0; book < count; book++) {
            String name = (count == 1) ? field : "%s[%d]".formatted(field, book);
            boolean empty = true;
            for (int side = 0; side < SIDES.size(); side++) {
                int from = (book * SIDES.size() + side) * sent * PAIR;
                empty &= isEmptySide(numbers, from, sent, side, name);
                int price = order.indexOf((side == 0) ? "ask_price" : "bid_price");
                int quantity = order.indexOf((side == 0) ? "ask_qty" : "bid_qty");
                for (int level = 0; level < Math.min(sent, kept); level++) {
                    int row = (book * kept + level) * WIDTH;
                    arranged[row + price] = numbers[from + level * PAIR];
                    arranged[row + quantity] = numbers[from + level * PAIR + 1];
                }
            }
            if (empty) {
                throw new IllegalArgumentException(name + " has no level on either side");
            }
        }
        return new Tensor(new int[] { count, kept, WIDTH }, arranged);
    }

    /**
     * Takes levels out of a scaling that are missing: scaled, a 0 would be a price far
     * from any market. Of columns that nobody knows, all four must be 0.
     * @param books as they came, {@code [levels, 4]} or more axes before these
     * @param scaled the same, scaled
     * @return the scaled ones, with 0 where price and quantity were
     */
    Tensor withMissingLevels(Tensor books, Tensor scaled) {
        List<List<Integer>> together = isKnown() ? sides() : List.of(List.of(0, 1, 2, 3));
        float[] came = books.floats();
        double[] numbers = null;
        for (int row = 0; row + WIDTH <= came.length; row += WIDTH) {
            for (List<Integer> places : together) {
                if (areZero(came, row, places)) {
                    numbers = (numbers != null) ? numbers : scaled.doubles();
                    for (int place : places) {
                        numbers[row + place] = 0;
                    }
                }
            }
        }
        return (numbers != null) ? Tensor.of(scaled.datatype(), scaled.shape(), numbers) : scaled;
    }

    /** Where price and quantity of each side are. */
    private List<List<Integer>> sides() {
        List<String> order = columns.isEmpty() ? COLUMNS : columns;
        return List.of(List.of(order.indexOf("ask_price"), order.indexOf("ask_qty")),
                List.of(order.indexOf("bid_price"), order.indexOf("bid_qty")));
    }

    private static boolean areZero(float[] numbers, int row, List<Integer> places) {
        for (int place : places) {
            if (numbers[row + place] != 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * A side whose levels are not in order does not have its best level first, and is
     * most often the other side. Books that are crossed are what markets show at times.
     */
    private static boolean isEmptySide(double[] numbers, int from, int levels, int side, String name) {
        double sign = (side == 0) ? 1 : -1;
        double last = Double.NEGATIVE_INFINITY;
        boolean empty = true;
        for (int level = 0; level < levels; level++) {
            double price = numbers[from + level * PAIR];
            double quantity = numbers[from + level * PAIR + 1];
            if (price == 0 && quantity == 0) {
                continue;
            }
            empty = false;
            String at = "%s: level %d of the %s".formatted(name, level, SIDES.get(side));
            if (price <= 0) {
                throw new IllegalArgumentException(
                        "%s has the price %s, expected one above 0, or [0, 0] for a level that is missing".formatted(at,
                                price));
            }
            if (quantity < 0) {
                throw new IllegalArgumentException("%s has the quantity %s".formatted(at, quantity));
            }
            if (sign * price < last) {
                throw new IllegalArgumentException(
                        ("%s has the price %s, after %s: expected [asks, bids], each with the "
                                + "best level first, so that asks rise and bids fall")
                            .formatted(at, price, sign * last));
            }
            last = sign * price;
        }
        return empty;
    }

}

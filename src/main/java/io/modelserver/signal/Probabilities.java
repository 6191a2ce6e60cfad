package io.modelserver.signal;

/**
 * The softmax of a model's logits, or its probabilities as they are; a class that the
 * model does not know has probability 0.
 *
 * @param sell probability of {@link Direction#SELL}
 * @param hold probability of {@link Direction#HOLD}
 * @param buy probability of {@link Direction#BUY}
 */
public record Probabilities(float sell, float hold, float buy) {

    /** Probabilities that differ by less are equal but for rounding. */
    private static final float ROUNDING = 1e-6f;

    /**
     * Chooses the direction.
     * @return the most probable one; to hold where several are, since which of them is
     * named first says nothing of the market
     */
    public Direction greatest() {
        float most = Math.max(sell, Math.max(hold, buy)) - ROUNDING;
        boolean buys = buy >= most;
        boolean sells = sell >= most;
        return (hold >= most || buys == sells) ? Direction.HOLD : buys ? Direction.BUY : Direction.SELL;
    }

}

package io.modelserver.experiment.evidence;

import io.modelserver.signal.Direction;

/**
 * What one signal is worth.
 *
 * @param truth what the price did: up, down, or neither
 * @param net the signed return after costs
 * @param gross the signed return before costs: BUY +r, SELL −r, HOLD 0
 * @param hit 1 if the direction came true, else 0
 */
record Scores(Direction truth, double net, double gross, double hit) {

    /**
     * Scores a signal.
     * @param direction what was advised
     * @param actualReturn what the price did, as a fraction of it
     * @param cost of acting on it, as a fraction of the price
     * @param neutralBand the price did not move if its return is within it
     * @return the scores
     */
    static Scores of(Direction direction, double actualReturn, double cost, double neutralBand) {
        Direction truth = (Math.abs(actualReturn) <= neutralBand) ? Direction.HOLD
                : (actualReturn > 0) ? Direction.BUY : Direction.SELL;
        double gross = sign(direction) * actualReturn;
        double net = (direction == Direction.HOLD) ? 0 : gross - cost;
        return new Scores(truth, net, gross, (truth == direction) ? 1 : 0);
    }

    /**
     * {@return the stake: 1 for BUY, −1 for SELL, 0 for HOLD}
     */
    static int sign(Direction direction) {
        return switch (direction) {
            case BUY -> 1;
            case SELL -> -1;
            case HOLD -> 0;
        };
    }

}

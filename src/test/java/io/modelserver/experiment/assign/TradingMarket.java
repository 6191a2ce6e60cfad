package io.modelserver.experiment.assign;

import java.util.SplittableRandom;

import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * A simulated market: symbols whose returns have a common factor, and two models whose
 * scores have one too, so that the market moves many signals of a model at once. Neither
 * model knows anything of the returns, but for an edge that is put in.
 *
 * @param symbols how many
 * @param minutes how long
 * @param every minutes between two signals of a symbol
 * @param rho share of the common factor in the variance of returns
 * @param alike share of the market-wide part in a model's score
 * @param likeness correlation of the two models' scores
 * @param horizon minutes until a return is known, which overlaps with the next
 * @param losses how often a trade loses much; 0 for normal returns
 * @param opposed whether control always buys and the other always sells
 * @param edge what the second model earns more than control per request
 */
record TradingMarket(int symbols, int minutes, int every, double rho, double alike, double likeness, int horizon,
        double losses, boolean opposed, double edge) {

    static final int DAYS = 3;

    private static final double SIGMA = 0.005;

    private static final double WIN = 0.001;

    private static final double HALF_LIFE_MINUTES = 30;

    private static final double HOLDS = 0.4;

    private static final double THRESHOLD = NormalDistribution.of(0, 1).inverseCumulativeProbability((1 + HOLDS) / 2);

    private static final double KEPT = Math.pow(0.5, 1 / HALF_LIFE_MINUTES);

    static TradingMarket of(double rho, double alike, double likeness) {
        return new TradingMarket(30, DAYS * 1440, 1, rho, alike, likeness, 1, 0, false, 0);
    }

    TradingMarket withSymbols(int count) {
        return new TradingMarket(count, minutes, every, rho, alike, likeness, horizon, losses, opposed, edge);
    }

    TradingMarket hourAhead() {
        return new TradingMarket(symbols, minutes, every, rho, alike, likeness, 60, losses, opposed, edge);
    }

    TradingMarket opposite() {
        return new TradingMarket(symbols, minutes, every, rho, alike, likeness, horizon, losses, true, edge);
    }

    /** A signal a minute of all symbols together. */
    TradingMarket rarelyLosing(double share) {
        return new TradingMarket(symbols, minutes, symbols, rho, alike, likeness, horizon, share, opposed, edge);
    }

    TradingMarket withEdge(double perRequest) {
        return new TradingMarket(symbols, minutes, every, rho, alike, likeness, horizon, losses, opposed, perRequest);
    }

    /**
     * Draws what happens.
     * @param random the only source of chance
     * @return returns and what the two models advise, by symbol and minute
     */
    Course draw(SplittableRandom random) {
        double[][] returns = (losses > 0) ? rareLosses(random) : returns(random);
        byte[][] control = new byte[symbols][];
        byte[][] other = new byte[symbols][];
        directions(random, control, other);
        if (edge != 0) {
            putInEdge(returns, control, other);
        }
        return new Course(this, returns, control, other);
    }

    private double[][] returns(SplittableRandom random) {
        int drawn = minutes + horizon - 1;
        double[] common = new double[drawn];
        for (int t = 0; t < drawn; t++) {
            common[t] = Math.sqrt(rho) * random.nextGaussian();
        }
        double[][] returns = new double[symbols][minutes];
        double[] steps = new double[drawn];
        double scale = SIGMA / Math.sqrt(horizon);
        for (double[] ofSymbol : returns) {
            double sum = 0;
            for (int t = 0; t < drawn; t++) {
                steps[t] = common[t] + Math.sqrt(1 - rho) * random.nextGaussian();
                sum += steps[t] - ((t >= horizon) ? steps[t - horizon] : 0);
                if (t >= horizon - 1) {
                    ofSymbol[t - horizon + 1] = scale * sum;
                }
            }
        }
        return returns;
    }

    private double[][] rareLosses(SplittableRandom random) {
        double[][] returns = new double[symbols][minutes];
        double loss = WIN * (1 - losses) / losses;
        for (double[] ofSymbol : returns) {
            for (int t = 0; t < minutes; t++) {
                ofSymbol[t] = (random.nextDouble() < losses) ? -loss : WIN;
            }
        }
        return returns;
    }

    private void directions(SplittableRandom random, byte[][] control, byte[][] other) {
        double[] market = scores(random);
        double[] otherMarket = mixed(market, scores(random));
        for (int symbol = 0; symbol < symbols; symbol++) {
            double[] own = scores(random);
            double[] otherOwn = mixed(own, scores(random));
            control[symbol] = directions(market, own, 1);
            other[symbol] = directions(otherMarket, otherOwn, -1);
        }
    }

    private double[] mixed(double[] one, double[] fresh) {
        for (int t = 0; t < minutes; t++) {
            fresh[t] = likeness * one[t] + Math.sqrt(1 - likeness * likeness) * fresh[t];
        }
        return fresh;
    }

    private double[] scores(SplittableRandom random) {
        double[] scores = new double[minutes];
        double spread = Math.sqrt(1 - KEPT * KEPT);
        double score = random.nextGaussian();
        for (int t = 0; t < minutes; t++) {
            scores[t] = score;
            score = KEPT * score + spread * random.nextGaussian();
        }
        return scores;
    }

    private byte[] directions(double[] market, double[] own, int always) {
        byte[] directions = new byte[minutes];
        for (int t = 0; t < minutes; t++) {
            double score = Math.sqrt(alike) * market[t] + Math.sqrt(1 - alike) * own[t];
            int advised = (score > THRESHOLD) ? 1 : (score < -THRESHOLD) ? -1 : 0;
            directions[t] = (byte) (opposed ? always : (losses > 0) ? Math.abs(advised) : advised);
        }
        return directions;
    }

    /** Where the models differ, returns are shifted towards the second. */
    private void putInEdge(double[][] returns, byte[][] control, byte[][] other) {
        long differing = 0;
        for (int symbol = 0; symbol < symbols; symbol++) {
            for (int t = 0; t < minutes; t++) {
                differing += Math.abs(other[symbol][t] - control[symbol][t]);
            }
        }
        double shift = edge * symbols * minutes / differing;
        for (int symbol = 0; symbol < symbols; symbol++) {
            for (int t = 0; t < minutes; t++) {
                returns[symbol][t] += shift * Integer.signum(other[symbol][t] - control[symbol][t]);
            }
        }
    }

    /** What happened, by symbol and minute. */
    static final class Course {

        final TradingMarket market;

        final double[][] returns;

        /** Stakes of the first model: 1, 0, −1. */
        final byte[][] control;

        /** Stakes of the second. */
        final byte[][] other;

        private Course(TradingMarket market, double[][] returns, byte[][] control, byte[][] other) {
            this.market = market;
            this.returns = returns;
            this.control = control;
            this.other = other;
        }

        /** Share of requests on which both advise the same. */
        double agreement() {
            long agreed = 0;
            for (int symbol = 0; symbol < control.length; symbol++) {
                for (int t = 0; t < market.minutes; t++) {
                    agreed += (control[symbol][t] == other[symbol][t]) ? 1 : 0;
                }
            }
            return (double) agreed / control.length / market.minutes;
        }

    }

}

package io.modelserver.experiment.statistics;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Sums of several figures by bins of event time. Bins that nothing fell into take no
 * room. Of more than {@link #MOST_BINS}, two adjacent ones become one, until there is
 * room again: so memory is bounded whatever the time that the events span. One thread.
 */
public final class TimeSums {

    private static final int MOST_BINS = 4_096;

    private final int figures;

    private long binMillis;

    private long[] numbers = new long[16];

    private double[][] sums = new double[16][];

    private int bins;

    private long latestNumber;

    private double @Nullable [] latest;

    /**
     * Creates empty sums.
     * @param figures how many figures are summed
     * @param binMillis how long a bin is at first, in milliseconds
     */
    public TimeSums(int figures, long binMillis) {
        this.figures = figures;
        this.binMillis = binMillis;
    }

    /**
     * {@return the number of the bin of an event, equal for events of one bin}
     * @param eventMillis when the event was, in milliseconds since 1970
     */
    public long bin(long eventMillis) {
        return Math.floorDiv(eventMillis, binMillis);
    }

    /**
     * {@return the sums of the bin of an event, to be added to at once}
     * @param eventMillis when the event was, in milliseconds since 1970
     */
    public double[] at(long eventMillis) {
        long number = bin(eventMillis);
        double[] found = latest;
        if (found == null || number != latestNumber) {
            found = find(number);
            while (bins > MOST_BINS) {
                coarsen();
                number = bin(eventMillis);
                found = find(number);
            }
            latest = found;
            latestNumber = number;
        }
        return found;
    }

    private double[] find(long number) {
        int place = Arrays.binarySearch(numbers, 0, bins, number);
        return (place >= 0) ? sums[place] : insert(-place - 1, number);
    }

    private double[] insert(int place, long number) {
        if (bins == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * bins);
            sums = Arrays.copyOf(sums, 2 * bins);
        }
        System.arraycopy(numbers, place, numbers, place + 1, bins - place);
        System.arraycopy(sums, place, sums, place + 1, bins - place);
        numbers[place] = number;
        sums[place] = new double[figures];
        bins++;
        return sums[place];
    }

    private void coarsen() {
        binMillis *= 2;
        int kept = 0;
        for (int i = 0; i < bins; i++) {
            long number = Math.floorDiv(numbers[i], 2);
            if (kept > 0 && numbers[kept - 1] == number) {
                for (int figure = 0; figure < figures; figure++) {
                    sums[kept - 1][figure] += sums[i][figure];
                }
            }
            else {
                numbers[kept] = number;
                sums[kept] = sums[i];
                kept++;
            }
        }
        bins = kept;
    }

    /**
     * {@return how many bins something fell into}
     */
    public int bins() {
        return bins;
    }

    /**
     * {@return how long a bin is, in milliseconds}
     */
    public long binMillis() {
        return binMillis;
    }

    /**
     * {@return the sums of a bin, the earliest first}
     * @param bin from 0 to {@link #bins()} less 1
     */
    public double[] sums(int bin) {
        return sums[bin];
    }

    /**
     * {@return the sum of a figure over all bins that end by the given time, in
     * milliseconds}
     * @param figure from 0 to the number of figures less 1
     * @param untilMillis milliseconds since 1970
     */
    public double total(int figure, long untilMillis) {
        double total = 0;
        int included = binsUntil(untilMillis);
        for (int i = 0; i < included; i++) {
            total += sums[i][figure];
        }
        return total;
    }

    /**
     * Estimates from blocks of time the variance of a mean, or of the difference of two:
     * e of a block is (s − m n) ∕ N, less the same of control, where n and s are the
     * block's signals and the sum of their scores, m is the mean and N the number of all
     * signals; the variance is u ∕ (u − 1) × Σe² over u blocks. What a stretch of time
     * does to all signals is in e unless it does the same to both means. Blocks are made
     * of whole bins.
     * @param mean whose variance is sought
     * @param control what it is compared to, null for a mean by itself
     * @param blockMillis how long a block is at least, in milliseconds
     * @param untilMillis bins that end after it are left out
     * @return the variance
     */
    public BlockVariance variance(TimeMean mean, @Nullable TimeMean control, long blockMillis, long untilMillis) {
        long binsPerBlock = Math.max(1, Math.ceilDiv(blockMillis, binMillis));
        BlockSums blocks = new BlockSums();
        int included = binsUntil(untilMillis);
        long block = 0;
        for (int i = 0; i < included; i++) {
            long number = Math.floorDiv(numbers[i], binsPerBlock);
            if (i > 0 && number != block) {
                blocks.close();
            }
            block = number;
            blocks.error += mean.error(sums[i]) - ((control != null) ? control.error(sums[i]) : 0);
            blocks.signals += sums[i][mean.signals()];
            blocks.controlSignals += (control != null) ? sums[i][control.signals()] : 0;
        }
        blocks.close();
        return blocks.variance(control != null);
    }

    private int binsUntil(long untilMillis) {
        if (untilMillis == Long.MAX_VALUE) {
            return bins;
        }
        int place = Arrays.binarySearch(numbers, 0, bins, Math.floorDiv(untilMillis, binMillis));
        return (place >= 0) ? place : -place - 1;
    }

    /** Adds up blocks, one after another. */
    private static final class BlockSums {

        private double error;

        private double signals;

        private double controlSignals;

        private long blocks;

        private double squaredErrors;

        private double total;

        private double squares;

        private double controlTotal;

        private double controlSquares;

        void close() {
            if (signals > 0 || controlSignals > 0) {
                blocks++;
                squaredErrors += error * error;
                total += signals;
                squares += signals * signals;
                controlTotal += controlSignals;
                controlSquares += controlSignals * controlSignals;
            }
            error = 0;
            signals = 0;
            controlSignals = 0;
        }

        BlockVariance variance(boolean ofDifference) {
            double effective = effective(total, squares);
            if (ofDifference) {
                effective = Math.min(effective, effective(controlTotal, controlSquares));
            }
            double variance = (blocks > 1) ? blocks / (blocks - 1.0) * squaredErrors : Double.NaN;
            return new BlockVariance(variance, blocks, effective);
        }

        private static double effective(double total, double squares) {
            return (squares > 0) ? total * total / squares : 0;
        }

    }

}

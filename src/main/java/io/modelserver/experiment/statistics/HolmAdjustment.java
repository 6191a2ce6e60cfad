package io.modelserver.experiment.statistics;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Holm's correction for several comparisons ("A simple sequentially rejective multiple
 * test procedure", Scandinavian Journal of Statistics 6, 1979). It asks nothing about how
 * they depend on each other, so it holds for variants that share one control, and for
 * always-valid p-values at every look.
 */
public final class HolmAdjustment {

    private HolmAdjustment() {
    }

    /**
     * {@return the adjusted p-values, in the order of the given ones}
     * @param pValues one per comparison, from 0 to 1
     */
    public static double[] adjust(double[] pValues) {
        List<Integer> ascending = IntStream.range(0, pValues.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> pValues[i]))
            .toList();
        double[] adjusted = new double[pValues.length];
        double greatest = 0;
        for (int rank = 0; rank < pValues.length; rank++) {
            int i = ascending.get(rank);
            greatest = Math.max(greatest, Math.min(1, (pValues.length - rank) * pValues[i]));
            adjusted[i] = greatest;
        }
        return adjusted;
    }

}

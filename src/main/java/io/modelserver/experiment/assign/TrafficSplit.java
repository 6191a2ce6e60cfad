package io.modelserver.experiment.assign;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import org.apache.commons.codec.digest.MurmurHash3;

/**
 * Which variant a unit gets: weighted rendezvous hashing. Every variant draws a number u
 * in (0, 1) from a hash of experiment, variant and unit, and the least −ln(u) ∕ traffic
 * wins. These are exponential variables of rate {@code traffic}, so a variant wins with
 * the probability of its share, and a unit leaves its variant only because that variant's
 * share fell against another's. With two variants, or where the shares of some grow or
 * fall alike against all others, no more units move than must; else, where at least δ of
 * them must, 2δ ∕ (1 + δ) at most, and no rule that knows only the new shares can promise
 * less.
 * <p>
 * Sources: Thaler and Ravishankar, "Using name-based mappings to increase hit rates",
 * IEEE/ACM Transactions on Networking 6 (1998), for rendezvous hashing; Schindelhauer and
 * Schomaker, "Weighted distributed hash tables", SPAA 2005, for the logarithm; Moulton
 * and Jiang, "Maximally consistent sampling and the Jaccard index of probability
 * distributions", ICDM 2018, for the bound, and Bavarian et al., "The optimality of
 * correlated sampling", 2016, that it can't be lower.
 * <p>
 * The hash is MurmurHash3 x64 128 with seed 0, of which the upper 52 bits of the first
 * half are used: specified to the bit, the same in every language, and kept by Commons
 * Codec. It need not resist an adversary, who could choose a variant with no hash at all.
 * The logarithm is that of {@link StrictMath}, so that no processor rounds a unit to
 * another variant.
 * <p>
 * Immutable; safe for use by all threads.
 */
public final class TrafficSplit {

    private static final double UNIT_52 = 0x1.0p-52;

    private final List<Arm> arms;

    /**
     * Creates the split of an experiment.
     * @param experiment the experiment; its shadows are assigned nothing
     */
    public TrafficSplit(Experiment experiment) {
        this.arms = experiment.variants()
            .stream()
            .filter((variant) -> !variant.shadow())
            .map((variant) -> new Arm(experiment.id(), variant))
            .toList();
    }

    /**
     * Finds the variant of a unit.
     * @param unit see {@link AssignBy}
     * @return always the same for the same experiment id, variant names, shares and unit
     */
    public Variant assign(String unit) {
        byte[] bytes = unit.getBytes(StandardCharsets.UTF_8);
        Variant best = arms.getFirst().variant;
        double least = Double.POSITIVE_INFINITY;
        for (Arm arm : arms) {
            double score = arm.score(bytes);
            if (score < least) {
                least = score;
                best = arm.variant;
            }
        }
        return best;
    }

    /** One variant and what its draws are hashed with. */
    private static final class Arm {

        private final Variant variant;

        private final byte[] prefix;

        Arm(String experimentId, Variant variant) {
            this.variant = variant;
            this.prefix = (experimentId + '\0' + variant.name() + '\0').getBytes(StandardCharsets.UTF_8);
        }

        double score(byte[] unit) {
            byte[] key = Arrays.copyOf(prefix, prefix.length + unit.length);
            System.arraycopy(unit, 0, key, prefix.length, unit.length);
            long hash = MurmurHash3.hash128x64(key, 0, key.length, 0)[0];
            double uniform = ((hash >>> 12) + 0.5) * UNIT_52;
            return -StrictMath.log(uniform) / variant.traffic();
        }

    }

}

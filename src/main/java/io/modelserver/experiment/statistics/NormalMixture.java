package io.modelserver.experiment.statistics;

/**
 * The bound that a standardised difference crosses with at most the given probability at
 * any look, if there is no difference: Robbins' normal mixture. With information m, the
 * number of independent signals that the difference is worth, and a prior worth λ of
 * them, the likelihood ratio of "a difference, drawn from N(0, σ² ∕ λ)" to "none" is Λ =
 * √(λ ∕ (m + λ)) × exp(m z² ∕ (2 (m + λ))), a martingale if there is none; by Ville's
 * inequality it ever reaches 1 ∕ α with probability α at most, and p = 1 ∕ Λ is a p-value
 * at every look.
 * <p>
 * Sources: Robbins, "Statistical methods related to the law of the iterated logarithm",
 * Annals of Mathematical Statistics 41 (1970); Waudby-Smith, Arbour, Sinha, Kennedy and
 * Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences", Annals
 * of Statistics 52 (2024), who show that an estimated variance will do as the sample
 * grows, and how λ is chosen. It was preferred to bounds that hold at every sample size
 * because those need a known bound of the returns, of which heavy tails leave nothing;
 * and Johari, Koomen, Pekelis and Walsh, "Always valid inference", Operations Research 70
 * (2022), comes to the same statistic as mSPRT.
 *
 * @param prior λ, fixed before the first look
 */
public record NormalMixture(double prior) {

    /**
     * Chooses the bound that is closest at a given information; its width elsewhere
     * changes slowly.
     * @param information where a decision is most to be expected
     * @param alpha the error probability
     * @return the mixture
     */
    public static NormalMixture closestAt(double information, double alpha) {
        double twice = -2 * Math.log(alpha);
        return new NormalMixture(information / (twice + Math.log(twice + 1)));
    }

    /**
     * {@return the always-valid p-value of a standardised difference}
     * @param z the difference, divided by its standard error
     * @param information how many independent signals the difference is worth, above 0
     */
    public double pValue(double z, double information) {
        double total = information + prior;
        double log = Math.log(total / prior) / 2 - information / total * z * z / 2;
        return Math.min(1, Math.exp(log));
    }

    /**
     * {@return what the absolute standardised difference must reach for a p-value of
     * {@code alpha}}
     * @param information how many independent signals the difference is worth, above 0
     * @param alpha the error probability
     */
    public double bound(double information, double alpha) {
        double total = information + prior;
        return Math.sqrt(total / information * (Math.log(total / prior) - 2 * Math.log(alpha)));
    }

}

package io.modelserver.experiment.assign;

import io.modelserver.model.ModelId;

/**
 * One arm of an experiment.
 *
 * @param name unique in its experiment
 * @param model the exact version that answers
 * @param traffic share of the units that it answers, 0 for a shadow
 * @param shadow whether it only gets copies of requests that others answer
 */
public record Variant(String name, ModelId model, double traffic, boolean shadow) {

    /**
     * Creates a variant that answers requests.
     * @param name unique in its experiment
     * @param model the exact version
     * @param traffic share of the units, greater than 0
     * @return the variant
     */
    public static Variant serving(String name, ModelId model, double traffic) {
        return new Variant(name, model, traffic, false);
    }

    /**
     * Creates a variant that gets copies only.
     * @param name unique in its experiment
     * @param model the exact version
     * @return the variant
     */
    public static Variant shadow(String name, ModelId model) {
        return new Variant(name, model, 0, true);
    }

}

package io.modelserver.oip;

import java.util.List;

import io.modelserver.model.ModelId;

/**
 * What a version has done since the server is up, whoever asked.
 *
 * @param model the version
 * @param lastInferenceMillis when it last answered, in milliseconds since 1970; 0 if
 * never
 * @param inferences how many inputs it has answered
 * @param executions in how many forward passes
 * @param stages how long that took
 * @param batches how often each size of a batch was computed, the smallest first
 */
public record VersionStatistics(ModelId model, long lastInferenceMillis, long inferences, long executions,
        Stages stages, List<OfBatchSize> batches) {

    /** Takes a copy of the list. */
    public VersionStatistics {
        batches = List.copyOf(batches);
    }

    /**
     * What happened some number of times.
     *
     * @param count how often
     * @param nanos how long it took in all
     */
    public record Timed(long count, long nanos) {

        /** Never. */
        public static final Timed NONE = new Timed(0, 0);

    }

    /**
     * The stages of inferences. What an engine spends on copying outputs is a part of the
     * forward pass here.
     *
     * @param success from arrival to answer, of all inferences that were answered
     * @param fail those that were not, of requests that came through the protocol
     * @param queue waiting for an instance
     * @param computeInput making the input
     * @param computeInfer the forward pass
     */
    public record Stages(Timed success, Timed fail, Timed queue, Timed computeInput, Timed computeInfer) {
    }

    /**
     * The forward passes of one size.
     *
     * @param size how many inputs shared each
     * @param computeInfer how often, and how long
     */
    public record OfBatchSize(int size, Timed computeInfer) {
    }

}

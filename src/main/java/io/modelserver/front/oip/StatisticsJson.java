package io.modelserver.front.oip;

import java.util.List;

import io.modelserver.oip.VersionStatistics;
import io.modelserver.oip.VersionStatistics.Timed;
import io.swagger.v3.oas.annotations.media.Schema;

/**
 * What versions have done.
 *
 * @param modelStats one entry per version
 */
@Schema(name = "InferenceStatistics")
record StatisticsJson(List<VersionJson> modelStats) {

    static StatisticsJson of(List<VersionStatistics> versions) {
        return new StatisticsJson(versions.stream().map(VersionJson::of).toList());
    }

    /**
     * What a version has done.
     *
     * @param name of the model
     * @param version of the model
     * @param lastInference when it last answered, milliseconds since 1970; 0 if never
     * @param inferenceCount how many inputs it has answered
     * @param executionCount in how many forward passes
     * @param inferenceStats how long that took
     * @param batchStats how long each size of a batch took
     */
    @Schema(name = "InferenceVersionStatistics")
    record VersionJson(String name, String version, long lastInference, long inferenceCount, long executionCount,
            StagesJson inferenceStats, List<BatchJson> batchStats) {

        static VersionJson of(VersionStatistics version) {
            VersionStatistics.Stages stages = version.stages();
            return new VersionJson(version.model().name(), version.model().version(), version.lastInferenceMillis(),
                    version.inferences(), version.executions(),
                    new StagesJson(TimedJson.of(stages.success()), TimedJson.of(stages.fail()),
                            TimedJson.of(stages.queue()), TimedJson.of(stages.computeInput()),
                            TimedJson.of(stages.computeInfer()), TimedJson.NONE, TimedJson.NONE, TimedJson.NONE),
                    version.batches()
                        .stream()
                        .map((batch) -> new BatchJson(batch.size(), TimedJson.NONE, TimedJson.of(batch.computeInfer()),
                                TimedJson.NONE))
                        .toList());
        }

    }

    /**
     * The stages of inferences. Outputs are copied within the forward pass; there is no
     * cache.
     *
     * @param success from arrival to answer
     * @param fail those that were not answered
     * @param queue waiting for an instance
     * @param computeInput making the input
     * @param computeInfer the forward pass
     * @param computeOutput a part of the forward pass here
     * @param cacheHit none
     * @param cacheMiss none
     */
    @Schema(name = "InferenceStages")
    record StagesJson(TimedJson success, TimedJson fail, TimedJson queue, TimedJson computeInput,
            TimedJson computeInfer, TimedJson computeOutput, TimedJson cacheHit, TimedJson cacheMiss) {
    }

    /**
     * The forward passes of one size.
     *
     * @param batchSize how many inputs shared each
     * @param computeInput a part of the forward pass here
     * @param computeInfer the forward pass
     * @param computeOutput a part of the forward pass here
     */
    @Schema(name = "InferenceBatchStatistics")
    record BatchJson(int batchSize, TimedJson computeInput, TimedJson computeInfer, TimedJson computeOutput) {
    }

    /**
     * What happened some number of times.
     *
     * @param count how often
     * @param ns how long it took in all, in nanoseconds
     */
    @Schema(name = "InferenceDuration")
    record TimedJson(long count, long ns) {

        static final TimedJson NONE = new TimedJson(0, 0);

        static TimedJson of(Timed timed) {
            return new TimedJson(timed.count(), timed.nanos());
        }

    }

}

package io.modelserver.registry;

import java.nio.file.Path;
import java.time.Duration;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What runs models.
 *
 * @param engine the name of the engine that runs versions with a file for it, or
 * {@code auto} for the fastest of those that agree
 * @param engineMemory where the choice between engines is kept
 * @param instances how many forward passes of one version run at a time; 0 for one per
 * core
 * @param threads how many forward passes of all versions together run at a time; 0 for
 * one per core, or as many as a version may run where that is more
 * @param intraOpThreads threads within one forward pass
 * @param longestPass a forward pass that takes longer is given up, and its instance
 * replaced
 */
public record InferenceProperties(@DefaultValue("auto") String engine, @DefaultValue("data/engines") Path engineMemory,
        @DefaultValue("0") @Min(0) @Max(1024) int instances, @DefaultValue("0") @Min(0) @Max(1024) int threads,
        @DefaultValue("1") @Min(1) @Max(1024) int intraOpThreads,
        @DefaultValue("5s") @DurationMin(millis = 1) Duration longestPass) {

    /**
     * {@return the instances of a version, of which there is at least one}
     */
    public int instancesOrCores() {
        return (instances > 0) ? instances : Runtime.getRuntime().availableProcessors();
    }

    /**
     * {@return the threads that all versions share, of which there is at least one}
     */
    public int threadsOrCores() {
        return (threads > 0) ? threads : Math.max(instancesOrCores(), Runtime.getRuntime().availableProcessors());
    }

}

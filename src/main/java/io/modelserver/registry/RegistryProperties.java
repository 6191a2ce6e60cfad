package io.modelserver.registry;

import java.nio.file.Path;
import java.time.Duration;

import io.modelserver.registry.load.TrialPolicy;
import jakarta.validation.constraints.Min;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Where models come from.
 *
 * @param path the registry folder, relative to the working directory
 * @param maxModelSize a model file over this size is refused
 * @param keptOnDemand how many other versions stay loaded after they were asked for by
 * name
 * @param keepStaging whether the version in STAGING of each model stays loaded too
 * @param loadLimit a version that is not ready within it is refused
 * @param loadJournal where versions are noted while they are loaded, so that one that
 * ends the process is known afterwards
 * @param trial which versions are first loaded in a process of their own
 * @param trialLimit how long such a trial may take
 * @param trialMemory how much memory it may take
 * @param watch whether changes in the folder are followed without a reload
 * @param watchInterval how often it is looked at then
 * @param settle how long a version whose metadata has no checksums must not have changed
 * before it is seen then
 */
public record RegistryProperties(@DefaultValue("models") Path path, @DefaultValue("1GB") DataSize maxModelSize,
        @DefaultValue("4") @Min(1) int keptOnDemand, @DefaultValue("true") boolean keepStaging,
        @DefaultValue("5m") @DurationMin(millis = 1) Duration loadLimit, @DefaultValue("data/loading") Path loadJournal,
        @DefaultValue("off") TrialPolicy trial, @DefaultValue("60s") @DurationMin(millis = 1) Duration trialLimit,
        @DefaultValue("2GB") DataSize trialMemory, @DefaultValue("false") boolean watch,
        @DefaultValue("2s") @DurationMin(millis = 1) Duration watchInterval,
        @DefaultValue("10s") @DurationMin(nanos = 0) Duration settle) {

    /** Rejects sizes that are not above 0. */
    public RegistryProperties {
        expectPositive("max-model-size", maxModelSize);
        expectPositive("trial-memory", trialMemory);
    }

    private static void expectPositive(String setting, DataSize size) {
        if (size.toBytes() <= 0) {
            throw new IllegalArgumentException(
                    "modelserver.registry.%s must be greater than 0, not %s".formatted(setting, size));
        }
    }

}

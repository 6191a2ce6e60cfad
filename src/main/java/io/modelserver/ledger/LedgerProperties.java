package io.modelserver.ledger;

import java.nio.file.Path;
import java.time.Duration;

import jakarta.validation.constraints.Min;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What is kept of predictions.
 *
 * @param file the embedded database's, without its ending; unused where
 * {@code spring.datasource.url} names another
 * @param predictions which are written down
 * @param buffer the most that wait to be written; one more is dropped and counted
 * @param gathering how long one may wait for others to be written with
 * @param retention what is older is deleted
 * @param minFreeSpace an embedded ledger is not written to while its disk has less
 */
public record LedgerProperties(@DefaultValue("data/ledger") Path file,
        @DefaultValue("experiments") Recording predictions, @DefaultValue("20000") @Min(1) int buffer,
        @DefaultValue("200ms") @DurationMin(millis = 1) Duration gathering,
        @DefaultValue("90d") @DurationMin(hours = 1) Duration retention, @DefaultValue("64MB") DataSize minFreeSpace) {

    /** Which predictions are written down. */
    public enum Recording {

        /** Those of experiments. */
        EXPERIMENTS,

        /** All. */
        ALL,

        /** None; experiments then get no verdict. */
        NONE

    }

}

package io.modelserver.experiment;

import java.time.Duration;

import io.modelserver.experiment.evidence.AnalysisSettings;
import jakarta.validation.constraints.Min;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How experiments are judged.
 *
 * @param neutralBand a return within this of 0, as a fraction, does not count as a move
 * of the price
 * @param periodsPerYear what Sharpe ratios are annualised with: days in a year on which
 * there is trade
 * @param cost what acting on a signal costs, in basis points of the price, where an
 * experiment does not say
 * @param refresh how often experiments that other replicas have begun or ended are looked
 * for, and those whose time ran out are ended
 * @param look how long to wait between two looks at experiments that act on their verdict
 * @param shadowQueue the most copies of requests that wait for shadows
 * @param maxReturn an outcome with a greater return, up or down, or with a greater fee is
 * refused; as a fraction, 1 is 100 %
 */
public record ExperimentProperties(@DefaultValue("0.001") double neutralBand,
        @DefaultValue("365") double periodsPerYear, @DefaultValue("0") double cost,
        @DefaultValue("2s") @DurationMin(millis = 1) Duration refresh,
        @DefaultValue("5s") @DurationMin(millis = 1) Duration look, @DefaultValue("256") @Min(1) int shadowQueue,
        @DefaultValue("1") double maxReturn) {

    AnalysisSettings analysis() {
        return new AnalysisSettings(neutralBand, periodsPerYear, cost);
    }

    /** Rejects settings that {@link AnalysisSettings} rejects. */
    public ExperimentProperties {
        new AnalysisSettings(neutralBand, periodsPerYear, cost);
    }

}

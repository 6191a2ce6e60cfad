package io.modelserver.front;

import java.time.Duration;

import jakarta.validation.constraints.Min;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What requests may ask for.
 *
 * @param maxBodySize a longer body is answered with 413
 * @param maxBodiesInFlight the most bytes of bodies that are worked on at a time; one
 * more is answered with 503; 0 for an eighth of the heap
 * @param headDeadline a connection is closed on which the head of a request takes longer
 * @param bodyDeadline a body that takes longer to arrive is answered with 408
 * @param maxBatchRequests a batch of more requests is answered with 413
 */
public record WebProperties(@DefaultValue("16MB") DataSize maxBodySize, @DefaultValue("0B") DataSize maxBodiesInFlight,
        @DefaultValue("10s") @DurationMin(millis = 1) Duration headDeadline,
        @DefaultValue("10s") @DurationMin(millis = 1) Duration bodyDeadline,
        @DefaultValue("128") @Min(1) int maxBatchRequests) {

    /** Rejects sizes that are not above 0, and room in flight for less than one body. */
    public WebProperties {
        if (maxBodySize.toBytes() <= 0) {
            throw new IllegalArgumentException(
                    "modelserver.web.max-body-size must be greater than 0, not " + maxBodySize);
        }
        if (!maxBodiesInFlight.equals(DataSize.ofBytes(0)) && maxBodiesInFlight.compareTo(maxBodySize) < 0) {
            throw new IllegalArgumentException(
                    "modelserver.web.max-bodies-in-flight must be 0 or at least max-body-size, not "
                            + maxBodiesInFlight);
        }
    }

    /**
     * {@return the most bytes of bodies that are worked on at a time}
     */
    public long maxBytesInFlightOrShareOfHeap() {
        return (maxBodiesInFlight.toBytes() > 0) ? maxBodiesInFlight.toBytes()
                : Math.max(maxBodySize.toBytes(), Runtime.getRuntime().maxMemory() / 8);
    }

}

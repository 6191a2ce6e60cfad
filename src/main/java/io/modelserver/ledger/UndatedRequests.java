package io.modelserver.ledger;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts recorded requests whose {@code timestamp} is ignored, and warns about each cause
 * at most once an hour. Thread safe.
 */
final class UndatedRequests implements Consumer<UndatedCause> {

    private static final Logger logger = LoggerFactory.getLogger(UndatedRequests.class);

    private static final Duration BETWEEN_WARNINGS = Duration.ofHours(1);

    private final UndatedCounter counter;

    private final Clock clock;

    private final Map<UndatedCause, Instant> warned = new EnumMap<>(UndatedCause.class);

    UndatedRequests(UndatedCounter counter, Clock clock) {
        this.counter = counter;
        this.clock = clock;
    }

    @Override
    public void accept(UndatedCause cause) {
        counter.undated(cause.name().toLowerCase(Locale.ROOT));
        if (isDue(cause)) {
            logger.warn("the timestamp of a request {}: its time of arrival is used instead "
                    + "(modelserver_ledger_undated_total counts such requests)", cause.sentence());
        }
    }

    private synchronized boolean isDue(UndatedCause cause) {
        Instant now = clock.instant();
        Instant before = warned.get(cause);
        if (before != null && now.isBefore(before.plus(BETWEEN_WARNINGS))) {
            return false;
        }
        warned.put(cause, now);
        return true;
    }

}

package io.modelserver.ledger;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A prediction, or a shadow's answer in its place, and its outcome.
 *
 * @param predictionId its id; of a shadow, that of the answer that the bot got
 * @param madeAt when it was answered
 * @param symbol the instrument
 * @param modelName the model that answered
 * @param modelVersion the version that answered
 * @param experimentId the experiment that it was made under, or null
 * @param variant the variant that it was assigned to, or null
 * @param unit what it was assigned by, or null
 * @param failed whether that variant failed; if there is an answer, it is control's
 * @param direction what was advised, null if nothing was
 * @param confidence how sure the model was, or null
 * @param expectedReturn what it expected, as a fraction, or null
 * @param latencyNanos how long the answer took
 * @param actualReturn what the price did, as a fraction, null while that is not known
 * @param closedAt when the position was closed, or null
 * @param eventTime when the market was as the request describes it: the time that the
 * request gives, else that of its arrival
 * @param fee what acting on the advice cost, as a fraction of the price, null if nobody
 * told
 * @param shadow whether a shadow said this, and nobody was answered so
 * @param outputs what else the model returned, by name, as JSON; null if nothing
 */
public record LedgerRow(UUID predictionId, Instant madeAt, String symbol, String modelName, String modelVersion,
        @Nullable String experimentId, @Nullable String variant, @Nullable String unit, boolean failed,
        @Nullable String direction, @Nullable Float confidence, @Nullable Float expectedReturn, long latencyNanos,
        @Nullable Double actualReturn, @Nullable Instant closedAt, Instant eventTime, @Nullable Double fee,
        boolean shadow, @Nullable String outputs) {
}

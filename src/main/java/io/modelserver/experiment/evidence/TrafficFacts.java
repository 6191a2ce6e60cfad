package io.modelserver.experiment.evidence;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What the ledger knows about a model's traffic: by default it holds the predictions of
 * experiments only.
 *
 * @param symbols how many instruments were asked for
 * @param predictions how many answers there were, 0 if the ledger has none
 * @param first when the first of them was given, null if there is none
 * @param last when the last of them was given, null if there is none
 */
public record TrafficFacts(long symbols, long predictions, @Nullable Instant first, @Nullable Instant last) {
}

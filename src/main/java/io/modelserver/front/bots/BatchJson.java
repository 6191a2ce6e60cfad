package io.modelserver.front.bots;

import java.util.List;

/** The answer to a batch, one entry per request, in their order. */
record BatchJson(List<BatchEntryJson> predictions, double totalLatencyMs, int succeeded, int failed) {
}

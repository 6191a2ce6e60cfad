package io.modelserver.ledger;

import java.util.List;
import java.util.UUID;

/**
 * The result of storing outcomes.
 *
 * @param stored those that are with their predictions on disk now and were not before
 * @param pending those that are on disk but whose predictions are not written yet, or
 * never will be
 * @param repeated those whose prediction had an outcome already, which stays
 * @param unknown predictions that the ledger does not know
 * @param differing predictions whose repeated outcome differs from the one that stays
 */
public record OutcomeReceipt(int stored, int pending, int repeated, List<UUID> unknown, List<UUID> differing) {

    /** Takes copies of the lists. */
    public OutcomeReceipt {
        differing = List.copyOf(differing);
        unknown = List.copyOf(unknown);
    }

}

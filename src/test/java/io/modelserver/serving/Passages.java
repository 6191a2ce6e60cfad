package io.modelserver.serving;

import io.modelserver.experiment.assign.Assignment;
import io.modelserver.trading.ServingRig;
import org.jspecify.annotations.Nullable;

/** Builds ways through the server, of queries that have just arrived. */
final class Passages {

    private Passages() {
    }

    static Passage of(ServingRig rig, @Nullable Assignment assignment) {
        long arrival = rig.clock.getAsLong();
        return new Passage("p1", assignment, arrival, arrival + ServingRig.DEADLINE.toNanos(), true);
    }

    static Passage direct(ServingRig rig) {
        return of(rig, null);
    }

}

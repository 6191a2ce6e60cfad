package io.modelserver.prediction;

import io.modelserver.experiment.Assignment;
import org.jspecify.annotations.Nullable;

/** Builds ways through the server, of requests that have just arrived. */
final class Routes {

    private Routes() {
    }

    static Route of(ServingRig rig, @Nullable Assignment assignment) {
        long arrival = rig.clock.getAsLong();
        return new Route("p1", assignment, arrival, arrival + ServingRig.DEADLINE.toNanos());
    }

    static Route direct(ServingRig rig) {
        return of(rig, null);
    }

}

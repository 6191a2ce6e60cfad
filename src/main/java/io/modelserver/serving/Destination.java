package io.modelserver.serving;

import io.modelserver.experiment.assign.Assignment;
import io.modelserver.registry.load.ModelLease;
import org.jspecify.annotations.Nullable;

/** Where a query goes. */
public sealed interface Destination extends AutoCloseable {

    /** Lets go of the version. */
    @Override
    void close();

    /**
     * To a version, which is held until this is closed. Any number of queries may be
     * started with it: so one version answers all of them, whatever is promoted
     * meanwhile.
     *
     * @param lease the version
     * @param assignment the variant that it is, null if no experiment has a say
     * @param failedOver whether it is control, and the variant can't answer
     */
    record Version(ModelLease lease, @Nullable Assignment assignment, boolean failedOver) implements Destination {

        @Override
        public void close() {
            lease.close();
        }

    }

    /**
     * Nowhere.
     *
     * @param reason the kind of refusal
     * @param detail a sentence for the caller
     */
    record None(Refusal reason, String detail) implements Destination {

        @Override
        public void close() {
        }

    }

}

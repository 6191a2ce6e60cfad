package io.modelserver.serving;

import java.util.function.Predicate;

import io.modelserver.model.ModelMetadata;

/**
 * Brings the input of one query: the port that doors and kinds of callers implement, so
 * that serving need not know what they speak.
 */
@FunctionalInterface
public interface InputSource {

    /**
     * Makes the input. Called once for a query, on its thread, after it has been routed
     * and before it is queued; where another version answers in the place of the first,
     * that gets the same input. Only where an ensemble is asked, it is called for each of
     * its members: so a source that counts what it brings must count it once for all who
     * look at the same.
     * @param version what the version that is to answer looks at
     * @return the input, or why there is none
     */
    Supply inputFor(ModelMetadata version);

    /**
     * Told before it is asked for the members of an ensemble: what one of them does not
     * look at may be meant for another.
     * @param isTaken whether any of them looks at an input of a name; true if that can't
     * be told
     */
    default void askedByMembers(Predicate<String> isTaken) {
    }

}

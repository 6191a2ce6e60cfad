package io.modelserver.head;

import io.modelserver.signal.Signal;

/** What a head made of the outputs of one sample. */
public sealed interface HeadResult {

    /**
     * They say something.
     *
     * @param signal what they say
     */
    record Said(Signal signal) implements HeadResult {
    }

    /**
     * They are not what the head needs, or numbers among them can't be what they are
     * taken for.
     *
     * @param reason a sentence for the caller: no path, no stack trace
     */
    record Unusable(String reason) implements HeadResult {
    }

}

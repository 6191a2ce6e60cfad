package io.modelserver.head;

import io.modelserver.model.ModelOutput;
import io.modelserver.signal.Signal;

/**
 * Turns what a model returned for one sample into what it says. A head belongs to a
 * version, keeps nothing between calls, and is used by any number of threads at once.
 */
@FunctionalInterface
public interface Head {

    /**
     * Reads the outputs of one sample.
     * @param output what the model returned
     * @return what it says, or why it says nothing; never throws for what a model returns
     */
    Reading<Signal> read(ModelOutput output);

}

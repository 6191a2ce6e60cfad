package io.modelserver.serving;

import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelMetadata;

/** Notified after each answer, on the query's thread; it must not block. */
@FunctionalInterface
public interface AnswerListener {

    /**
     * A version has answered.
     * @param answer what it said
     * @param input what it looked at; not to be changed
     * @param version what it looks at
     */
    void answered(Reply.Answered<?> answer, ModelInput input, ModelMetadata version);

}

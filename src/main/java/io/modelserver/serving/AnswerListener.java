package io.modelserver.serving;

import java.util.List;

import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelMetadata;

/** Notified after each answer, on the query's thread; it must not block. */
@FunctionalInterface
public interface AnswerListener {

    /**
     * A version has answered, by itself or as a member of an ensemble.
     * @param answer what it said
     * @param input what it looked at; not to be changed
     * @param version what it looks at
     */
    void answered(Reply.Answered<?> answer, ModelInput input, ModelMetadata version);

    /**
     * An ensemble has answered; its members' answers have been told before.
     * @param answer what it said
     * @param inputs what its members looked at
     */
    default void answeredTogether(Reply.Answered<?> answer, List<Looked> inputs) {
    }

    /**
     * A member of an ensemble gave no answer.
     * @param ensemble the ensemble's version
     * @param member the name of the member
     * @param reason the name of a {@link Refusal}, or {@code WINDOW_FILLING}
     */
    default void memberFailed(ModelId ensemble, String member, String reason) {
    }

    /**
     * What a version looked at.
     *
     * @param version what it looks at
     * @param input the input; not to be changed
     */
    record Looked(ModelMetadata version, ModelInput input) {
    }

}

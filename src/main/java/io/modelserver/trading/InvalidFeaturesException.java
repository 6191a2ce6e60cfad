package io.modelserver.trading;

import java.util.List;

import io.modelserver.serving.FieldProblem;

/**
 * A request's features can't be bound to the model's input; the message says what was
 * expected and what came.
 */
public final class InvalidFeaturesException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<FieldProblem> problems;

    /**
     * Creates the exception of features that are wrong as a whole.
     * @param message what was expected and what came
     */
    public InvalidFeaturesException(String message) {
        this(message, List.of());
    }

    /**
     * Creates the exception of fields that are wrong.
     * @param message what was expected and what came
     * @param problems the fields
     */
    public InvalidFeaturesException(String message, List<FieldProblem> problems) {
        super(message);
        this.problems = List.copyOf(problems);
    }

    /**
     * {@return the fields that are wrong, where single ones can be named}
     */
    public List<FieldProblem> problems() {
        return problems;
    }

}

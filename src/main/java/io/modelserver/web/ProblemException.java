package io.modelserver.web;

import java.util.List;

import io.modelserver.prediction.FieldProblem;

/** A request that ends in a problem. */
final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ProblemCode code;

    private final transient List<FieldProblem> errors;

    ProblemException(ProblemCode code, String detail) {
        this(code, detail, List.of());
    }

    ProblemException(ProblemCode code, String detail, List<FieldProblem> errors) {
        super(detail, null, false, false);
        this.code = code;
        this.errors = List.copyOf(errors);
    }

    ProblemCode code() {
        return code;
    }

    String detail() {
        return String.valueOf(getMessage());
    }

    List<FieldProblem> errors() {
        return errors;
    }

}

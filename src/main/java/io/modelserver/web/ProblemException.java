package io.modelserver.web;

import java.util.List;
import java.util.Map;

import io.modelserver.inference.ModelId;
import io.modelserver.prediction.FieldProblem;
import io.modelserver.registry.NotFound;

/** A request that ends in a problem. */
final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ProblemCode code;

    private final transient Map<String, Object> members;

    ProblemException(ProblemCode code, String detail) {
        this(code, detail, Map.of());
    }

    ProblemException(ProblemCode code, String detail, List<FieldProblem> errors) {
        this(code, detail, errors.isEmpty() ? Map.of() : Map.of("errors", List.copyOf(errors)));
    }

    ProblemException(ProblemCode code, String detail, Map<String, Object> members) {
        super(detail, null, false, false);
        this.code = code;
        this.members = members;
    }

    /** A well-formed request with one field that can't be used. */
    static ProblemException invalid(String field, String message) {
        return new ProblemException(ProblemCode.INVALID_REQUEST, "%s: %s".formatted(field, message),
                List.of(new FieldProblem(field, message)));
    }

    static ProblemException modelNotFound(String model) {
        return new ProblemException(ProblemCode.MODEL_NOT_FOUND, NotFound.model(model));
    }

    static ProblemException versionNotFound(ModelId id) {
        return new ProblemException(ProblemCode.VERSION_NOT_FOUND, NotFound.version(id));
    }

    /** A version that was to be changed to, or compared, and is not fit for it. */
    static ProblemException rejected(ModelId id, String reason) {
        return new ProblemException(ProblemCode.MODEL_REJECTED,
                "%s was rejected, nothing has changed: %s".formatted(id, reason));
    }

    ProblemCode code() {
        return code;
    }

    String detail() {
        return String.valueOf(getMessage());
    }

    /**
     * {@return the problem's members in addition to the standard ones}
     */
    Map<String, Object> members() {
        return members;
    }

}

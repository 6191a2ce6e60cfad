package io.modelserver.front.problem;

import java.util.List;
import java.util.Map;

import io.modelserver.model.ModelId;
import io.modelserver.registry.store.NotFound;
import io.modelserver.serving.FieldProblem;

/** A request that ends in a problem. */
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ProblemCode code;

    private final transient Map<String, Object> members;

    /**
     * Ends a request.
     * @param code the kind of problem
     * @param detail a sentence for the caller
     */
    public ProblemException(ProblemCode code, String detail) {
        this(code, detail, Map.of());
    }

    /**
     * Ends a request because of its fields.
     * @param code the kind of problem
     * @param detail a sentence for the caller
     * @param errors the fields that are wrong, where single ones can be named
     */
    public ProblemException(ProblemCode code, String detail, List<FieldProblem> errors) {
        this(code, detail, errors.isEmpty() ? Map.of() : Map.of("errors", List.copyOf(errors)));
    }

    /**
     * Ends a request.
     * @param code the kind of problem
     * @param detail a sentence for the caller
     * @param members the problem's members in addition to the standard ones
     */
    public ProblemException(ProblemCode code, String detail, Map<String, Object> members) {
        super(detail, null, false, false);
        this.code = code;
        this.members = members;
    }

    /**
     * {@return a problem of a well-formed request with one field that can't be used}
     * @param field its path
     * @param message what was expected and what came
     */
    public static ProblemException invalid(String field, String message) {
        return new ProblemException(ProblemCode.INVALID_REQUEST, "%s: %s".formatted(field, message),
                List.of(new FieldProblem(field, message)));
    }

    /**
     * {@return the problem of a model that does not exist}
     * @param model its name
     */
    public static ProblemException modelNotFound(String model) {
        return new ProblemException(ProblemCode.MODEL_NOT_FOUND, NotFound.model(model));
    }

    /**
     * {@return the problem of a version that does not exist}
     * @param id the version
     */
    public static ProblemException versionNotFound(ModelId id) {
        return new ProblemException(ProblemCode.VERSION_NOT_FOUND, NotFound.version(id));
    }

    /**
     * {@return the problem of a version that was to be promoted or compared, and can't
     * be}
     * @param id the version
     * @param reason why
     */
    public static ProblemException rejected(ModelId id, String reason) {
        return new ProblemException(ProblemCode.MODEL_REJECTED,
                "%s was rejected, nothing has changed: %s".formatted(id, reason));
    }

    /**
     * {@return the kind of problem}
     */
    public ProblemCode code() {
        return code;
    }

    /**
     * {@return a sentence for the caller}
     */
    public String detail() {
        return String.valueOf(getMessage());
    }

    /**
     * {@return the problem's members in addition to the standard ones}
     */
    public Map<String, Object> members() {
        return members;
    }

}

package io.modelserver.front.problem;

import java.util.Locale;

import io.modelserver.serving.Refusal;
import org.springframework.http.HttpStatus;

/** The {@code code} of every problem that callers can get, with its status. */
public enum ProblemCode {

    MALFORMED_REQUEST(HttpStatus.BAD_REQUEST),

    UNAUTHENTICATED(HttpStatus.UNAUTHORIZED),

    FORBIDDEN(HttpStatus.FORBIDDEN),

    NOT_FOUND(HttpStatus.NOT_FOUND),

    MODEL_NOT_FOUND(HttpStatus.NOT_FOUND),

    VERSION_NOT_FOUND(HttpStatus.NOT_FOUND),

    EXPERIMENT_NOT_FOUND(HttpStatus.NOT_FOUND),

    PREDICTION_NOT_FOUND(HttpStatus.NOT_FOUND),

    METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED),

    NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE),

    REQUEST_TIMEOUT(HttpStatus.REQUEST_TIMEOUT),

    WINDOW_FILLING(HttpStatus.CONFLICT),

    STALE_STEP(HttpStatus.CONFLICT),

    MODEL_REJECTED(HttpStatus.CONFLICT),

    EXPERIMENT_EXISTS(HttpStatus.CONFLICT),

    CONFLICT(HttpStatus.CONFLICT),

    PAYLOAD_TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE),

    UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE),

    HEADERS_TOO_LARGE(HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE),

    INVALID_REQUEST(HttpStatus.UNPROCESSABLE_CONTENT),

    INVALID_FEATURES(HttpStatus.UNPROCESSABLE_CONTENT),

    INFERENCE_FAILED(HttpStatus.INTERNAL_SERVER_ERROR),

    INTERNAL_ERROR(HttpStatus.INTERNAL_SERVER_ERROR),

    NO_PRODUCTION_MODEL(HttpStatus.SERVICE_UNAVAILABLE),

    MODEL_LOADING(HttpStatus.SERVICE_UNAVAILABLE),

    OVERLOADED(HttpStatus.SERVICE_UNAVAILABLE),

    SHUTTING_DOWN(HttpStatus.SERVICE_UNAVAILABLE),

    LEDGER_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE),

    DEADLINE_EXCEEDED(HttpStatus.GATEWAY_TIMEOUT),

    INSUFFICIENT_STORAGE(HttpStatus.INSUFFICIENT_STORAGE);

    private final HttpStatus status;

    ProblemCode(HttpStatus status) {
        this.status = status;
    }

    /**
     * {@return the status of such a problem}
     */
    public HttpStatus status() {
        return status;
    }

    /**
     * {@return the code in words, e.g. {@code Model not found}}
     */
    public String title() {
        String words = name().replace('_', ' ').toLowerCase(Locale.ROOT);
        return name().charAt(0) + words.substring(1);
    }

    /**
     * {@return the problem's {@code type}}
     */
    public String type() {
        return "urn:modelserver:problem:" + name().replace('_', '-').toLowerCase(Locale.ROOT);
    }

    /**
     * {@return the code of a refusal}
     * @param refusal why there is no prediction
     */
    public static ProblemCode of(Refusal refusal) {
        return switch (refusal) {
            case INVALID_REQUEST -> INVALID_REQUEST;
            case MODEL_NOT_FOUND -> MODEL_NOT_FOUND;
            case VERSION_NOT_FOUND -> VERSION_NOT_FOUND;
            case EXPERIMENT_NOT_FOUND -> EXPERIMENT_NOT_FOUND;
            case NO_PRODUCTION_MODEL -> NO_PRODUCTION_MODEL;
            case MODEL_REJECTED -> MODEL_REJECTED;
            case MODEL_LOADING -> MODEL_LOADING;
            case STALE_STEP -> STALE_STEP;
            case INVALID_FEATURES -> INVALID_FEATURES;
            case OVERLOADED -> OVERLOADED;
            case SHUTTING_DOWN -> SHUTTING_DOWN;
            case DEADLINE_EXCEEDED -> DEADLINE_EXCEEDED;
            case INFERENCE_FAILED -> INFERENCE_FAILED;
        };
    }

    /**
     * {@return the code for a status that Tomcat or Spring chose}
     * @param status of HTTP
     */
    public static ProblemCode of(int status) {
        return switch (status) {
            case 401 -> UNAUTHENTICATED;
            case 403 -> FORBIDDEN;
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 408 -> REQUEST_TIMEOUT;
            case 409 -> CONFLICT;
            case 413 -> PAYLOAD_TOO_LARGE;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            case 422 -> INVALID_REQUEST;
            case 431 -> HEADERS_TOO_LARGE;
            // Features of HTTP that this server lacks, as Tomcat reports them.
            case 501, 505 -> MALFORMED_REQUEST;
            case 503 -> SHUTTING_DOWN;
            default -> (status < 500) ? MALFORMED_REQUEST : INTERNAL_ERROR;
        };
    }

}

package io.modelserver.front.problem;

import java.util.Locale;

import io.modelserver.serving.Refusal;
import org.springframework.http.HttpStatus;

/** The {@code code} of every problem that callers can get, with its status. */
public enum ProblemCode {

    /** The request is not HTTP, or its body or query can't be read at all. */
    MALFORMED_REQUEST(HttpStatus.BAD_REQUEST),

    /** The call needs a key, and has none that the server knows. */
    UNAUTHENTICATED(HttpStatus.UNAUTHORIZED),

    /**
     * The key lacks the scope of the call, or a call without one comes from another host.
     */
    FORBIDDEN(HttpStatus.FORBIDDEN),

    /** Nothing is at this path, or the symbol has no window. */
    NOT_FOUND(HttpStatus.NOT_FOUND),

    /** The registry has no such model. */
    MODEL_NOT_FOUND(HttpStatus.NOT_FOUND),

    /** The model has no such version, or none in that stage. */
    VERSION_NOT_FOUND(HttpStatus.NOT_FOUND),

    /** No experiment has that id, or none that runs. */
    EXPERIMENT_NOT_FOUND(HttpStatus.NOT_FOUND),

    /** The ledger does not know that prediction. */
    PREDICTION_NOT_FOUND(HttpStatus.NOT_FOUND),

    /** The path has other methods. */
    METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED),

    /** The answer has no media type that the caller accepts. */
    NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE),

    /** The body took too long to arrive. */
    REQUEST_TIMEOUT(HttpStatus.REQUEST_TIMEOUT),

    /** The step was kept, but the model looks at more than there are. */
    WINDOW_FILLING(HttpStatus.CONFLICT),

    /** The step is older than the last one of its series. */
    STALE_STEP(HttpStatus.CONFLICT),

    /** The version failed its check. */
    MODEL_REJECTED(HttpStatus.CONFLICT),

    /** Another experiment is in the way. */
    EXPERIMENT_EXISTS(HttpStatus.CONFLICT),

    /** The change does not fit the state that the registry or the experiment is in. */
    CONFLICT(HttpStatus.CONFLICT),

    /** The body is too long, or the batch has too many requests. */
    PAYLOAD_TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE),

    /** The body has a media type or an encoding that is not read. */
    UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE),

    /** The request line and the headers together are too long. */
    HEADERS_TOO_LARGE(HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE),

    /**
     * The request can be read, but a field of it is missing, wrong or contradicts
     * another.
     */
    INVALID_REQUEST(HttpStatus.UNPROCESSABLE_CONTENT),

    /** The features do not fit the model's input. */
    INVALID_FEATURES(HttpStatus.UNPROCESSABLE_CONTENT),

    /** The model failed on this input. */
    INFERENCE_FAILED(HttpStatus.INTERNAL_SERVER_ERROR),

    /** A fault of the server, which is in its log. */
    INTERNAL_ERROR(HttpStatus.INTERNAL_SERVER_ERROR),

    /** The model has no version in production that is served. */
    NO_PRODUCTION_MODEL(HttpStatus.SERVICE_UNAVAILABLE),

    /** The version is being loaded, which takes longer than a request may. */
    MODEL_LOADING(HttpStatus.SERVICE_UNAVAILABLE),

    /**
     * The server has no room for the request now: a queue is full, or the memory for
     * bodies.
     */
    OVERLOADED(HttpStatus.SERVICE_UNAVAILABLE),

    /** The server is stopping. */
    SHUTTING_DOWN(HttpStatus.SERVICE_UNAVAILABLE),

    /** The ledger's database can't be reached. */
    LEDGER_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE),

    /** The request's time ran out. */
    DEADLINE_EXCEEDED(HttpStatus.GATEWAY_TIMEOUT),

    /** The disk has no room for the change; nothing was changed. */
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

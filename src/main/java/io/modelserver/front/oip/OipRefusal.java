package io.modelserver.front.oip;

import io.modelserver.oip.OipResult;
import io.modelserver.oip.OipStatus;

/** A call of the protocol that ends in an error. */
final class OipRefusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final OipStatus status;

    OipRefusal(OipStatus status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    static OipRefusal invalid(String message) {
        return new OipRefusal(OipStatus.INVALID_ARGUMENT, message);
    }

    /**
     * {@return what a call gives}
     * @param result how it ended
     * @throws OipRefusal if it was refused
     */
    static <T> T unless(OipResult<T> result) {
        return switch (result) {
            case OipResult.Done<T>(T value) -> value;
            case OipResult.Refused<T>(OipStatus status, String message) -> throw new OipRefusal(status, message);
        };
    }

    OipStatus status() {
        return status;
    }

    /**
     * {@return the status of HTTP: Triton's where that has one for it}
     */
    int httpStatus() {
        return switch (status) {
            case INVALID_ARGUMENT -> 400;
            case NOT_FOUND -> 404;
            case FAILED_PRECONDITION -> 409;
            case INTERNAL -> 500;
            case UNIMPLEMENTED -> 501;
            case UNAVAILABLE -> 503;
            case DEADLINE_EXCEEDED -> 504;
        };
    }

}

package io.modelserver.front.grpc;

import io.grpc.Status;
import io.modelserver.oip.OipStatus;

/** How gRPC names what the protocol refuses. */
final class Statuses {

    private Statuses() {
    }

    static Status of(OipStatus status, String message) {
        Status kind = switch (status) {
            case INVALID_ARGUMENT -> Status.INVALID_ARGUMENT;
            case NOT_FOUND -> Status.NOT_FOUND;
            case FAILED_PRECONDITION -> Status.FAILED_PRECONDITION;
            case UNAVAILABLE -> Status.UNAVAILABLE;
            case DEADLINE_EXCEEDED -> Status.DEADLINE_EXCEEDED;
            case UNIMPLEMENTED -> Status.UNIMPLEMENTED;
            case INTERNAL -> Status.INTERNAL;
        };
        return kind.withDescription(message);
    }

    /** A server that ends, to a caller who may try another. */
    static Status stopping() {
        return Status.UNAVAILABLE.withDescription("the server is stopping");
    }

}

package io.modelserver.front.grpc;

import java.time.Duration;

import io.modelserver.lifecycle.Phases;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.grpc.server.GrpcServerFactory;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;

/**
 * Opens and closes the port. When it closes, streams end first, which would never end by
 * themselves; calls that have been accepted are answered.
 */
final class GrpcPort extends GrpcServerLifecycle {

    private final OpenStreams streams;

    GrpcPort(GrpcServerFactory factory, OpenStreams streams, Duration patience, ApplicationEventPublisher publisher) {
        super(factory, patience, publisher);
        this.streams = streams;
    }

    @Override
    public void stop() {
        streams.end();
        super.stop();
    }

    @Override
    public int getPhase() {
        return Phases.GRPC_PORT.number();
    }

}

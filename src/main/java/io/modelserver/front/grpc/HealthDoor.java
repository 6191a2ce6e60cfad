package io.modelserver.front.grpc;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

import inference.GRPCInferenceServiceGrpc;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationListener;

/**
 * gRPC's health service: the server as a whole (the empty name) and the protocol's
 * service are serving while the server is ready. Who watches is told of each change that
 * {@link #refresh} finds.
 */
final class HealthDoor extends HealthGrpc.HealthImplBase implements ApplicationListener<AvailabilityChangeEvent<?>> {

    private final BooleanSupplier ready;

    private final OpenStreams streams;

    private final Map<Watch, Boolean> watches = new ConcurrentHashMap<>();

    HealthDoor(BooleanSupplier ready, OpenStreams streams) {
        this.ready = ready;
        this.streams = streams;
    }

    @Override
    public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> caller) {
        if (isKnown(request.getService())) {
            caller.onNext(response(status()));
            caller.onCompleted();
        }
        else {
            caller.onError(Status.NOT_FOUND.withDescription("this server has no service of that name").asException());
        }
    }

    @Override
    public void watch(HealthCheckRequest request, StreamObserver<HealthCheckResponse> caller) {
        Watch watch = new Watch((ServerCallStreamObserver<HealthCheckResponse>) caller, isKnown(request.getService()));
        watches.put(watch, true);
        watch.tell(status());
        streams.add(watch);
    }

    /** A server that stops says so before it does anything else. */
    @Override
    public void onApplicationEvent(AvailabilityChangeEvent<?> change) {
        if (change.getState() == ReadinessState.REFUSING_TRAFFIC) {
            tell(ServingStatus.NOT_SERVING);
        }
    }

    /** Tells those who watch what has changed. */
    void refresh() {
        if (!watches.isEmpty()) {
            tell(status());
        }
    }

    private void tell(ServingStatus status) {
        watches.keySet().forEach((watch) -> watch.tell(status));
    }

    private static boolean isKnown(String service) {
        return service.isEmpty() || service.equals(GRPCInferenceServiceGrpc.SERVICE_NAME);
    }

    private ServingStatus status() {
        return ready.getAsBoolean() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    }

    private static HealthCheckResponse response(ServingStatus status) {
        return HealthCheckResponse.newBuilder().setStatus(status).build();
    }

    /** Somebody who watches; told by any thread. */
    private final class Watch implements OpenStreams.Stream {

        private final ServerCallStreamObserver<HealthCheckResponse> caller;

        private final boolean known;

        private @Nullable ServingStatus told;

        private boolean ended;

        Watch(ServerCallStreamObserver<HealthCheckResponse> caller, boolean known) {
            this.caller = caller;
            this.known = known;
            caller.setOnCancelHandler(this::leave);
        }

        synchronized void tell(ServingStatus status) {
            ServingStatus next = known ? status : ServingStatus.SERVICE_UNKNOWN;
            if (!ended && next != told) {
                told = next;
                caller.onNext(response(next));
            }
        }

        @Override
        public synchronized void end() {
            if (!ended) {
                tell(ServingStatus.NOT_SERVING);
                leave();
                caller.onError(Statuses.stopping().asException());
            }
        }

        private synchronized void leave() {
            ended = true;
            watches.remove(this);
            streams.remove(this);
        }

    }

}

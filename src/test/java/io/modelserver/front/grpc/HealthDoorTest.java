package io.modelserver.front.grpc;

import java.nio.file.Path;
import java.util.Iterator;

import inference.GRPCInferenceServiceGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.BDDMockito.given;

@Timeout(300)
class HealthDoorTest {

    @TempDir
    Path temp;

    private DoorRig door;

    @BeforeEach
    void open() throws Exception {
        door = new DoorRig(temp);
    }

    @AfterEach
    void close() throws Exception {
        door.close();
    }

    @Test
    void healthIsWhatReadinessIs() {
        assertThat(check("")).isEqualTo(ServingStatus.SERVING);
        assertThat(check(GRPCInferenceServiceGrpc.SERVICE_NAME)).isEqualTo(ServingStatus.SERVING);

        given(door.availability.getReadinessState()).willReturn(ReadinessState.REFUSING_TRAFFIC);
        assertThat(check("")).isEqualTo(ServingStatus.NOT_SERVING);
        assertThatThrownBy(() -> check("another")).isInstanceOfSatisfying(StatusRuntimeException.class,
                (refused) -> assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND));
    }

    @Test
    void whoWatchesIsToldOfChangesAndOfTheEnd() {
        Iterator<HealthCheckResponse> watch = watch("");
        assertThat(watch.next().getStatus()).isEqualTo(ServingStatus.SERVING);
        door.health.refresh();
        given(door.availability.getReadinessState()).willReturn(ReadinessState.REFUSING_TRAFFIC);
        door.health.refresh();
        assertThat(watch.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
        given(door.availability.getReadinessState()).willReturn(ReadinessState.ACCEPTING_TRAFFIC);
        door.health.refresh();
        assertThat(watch.next().getStatus()).isEqualTo(ServingStatus.SERVING);
        door.health.onApplicationEvent(new AvailabilityChangeEvent<>(this, ReadinessState.REFUSING_TRAFFIC));
        assertThat(watch.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);

        door.streams.end();
        assertThatThrownBy(watch::hasNext).isInstanceOfSatisfying(StatusRuntimeException.class,
                (end) -> assertThat(end.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
    }

    @Test
    void aServiceThatIsNotThereCanBeWatchedToo() {
        assertThat(watch("another").next().getStatus()).isEqualTo(ServingStatus.SERVICE_UNKNOWN);
    }

    private ServingStatus check(String service) {
        return HealthGrpc.newBlockingStub(door.channel)
            .check(HealthCheckRequest.newBuilder().setService(service).build())
            .getStatus();
    }

    private Iterator<HealthCheckResponse> watch(String service) {
        return HealthGrpc.newBlockingStub(door.channel)
            .watch(HealthCheckRequest.newBuilder().setService(service).build());
    }

}

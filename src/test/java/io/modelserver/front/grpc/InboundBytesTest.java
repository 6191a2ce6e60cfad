package io.modelserver.front.grpc;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class InboundBytesTest {

    private final InboundBytes messages = new InboundBytes(100);

    @Test
    void aMessageCountsFromItsFirstByteToTheEndOfItsCall() {
        ServerStreamTracer call = call();
        call.inboundWireSize(40);
        call.inboundWireSize(20);
        assertThat(messages.inUse()).isEqualTo(60);
        call.inboundMessageRead(0, 60, 60);
        assertThat(messages.inUse()).isEqualTo(60);
        call.streamClosed(Status.OK);
        assertThat(messages.inUse()).isZero();
    }

    @Test
    void inAStreamOnlyTheLastMessageCountsAndTheOneThatArrives() {
        ServerStreamTracer call = call();
        for (int message = 0; message < 10; message++) {
            call.inboundWireSize(30);
            call.inboundMessageRead(message, 30, 30);
        }
        assertThat(messages.inUse()).isEqualTo(30);
        call.streamClosed(Status.CANCELLED);
        assertThat(messages.inUse()).isZero();
    }

    @Test
    void theCallForWhichThereIsNoRoomEndsAndTheOthersGoOn() {
        ServerStreamTracer first = call();
        first.inboundWireSize(60);
        ServerStreamTracer second = call();
        second.inboundWireSize(30);

        assertThatThrownBy(() -> second.inboundWireSize(20)).isInstanceOfSatisfying(StatusRuntimeException.class,
                (refused) -> assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
        assertThat(messages.inUse()).isEqualTo(60);
        second.streamClosed(Status.RESOURCE_EXHAUSTED);
        first.inboundWireSize(40);
        assertThat(messages.inUse()).isEqualTo(100);
        first.streamClosed(Status.OK);
        assertThat(messages.inUse()).isZero();
    }

    @Test
    void bytesThatArriveAfterTheEndAreNotKept() {
        ServerStreamTracer call = call();
        call.streamClosed(Status.CANCELLED);
        call.inboundWireSize(10);
        assertThat(messages.inUse()).isZero();
    }

    private ServerStreamTracer call() {
        return messages.newServerStreamTracer("inference.GRPCInferenceService/ModelInfer", new Metadata());
    }

}

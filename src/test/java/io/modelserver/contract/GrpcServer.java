package io.modelserver.contract;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.google.protobuf.ByteString;
import inference.GRPCInferenceServiceGrpc;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import inference.ServerLiveRequest;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The packaged server with its port of gRPC, and a channel to it. */
final class GrpcServer implements AutoCloseable {

    private final PackagedServer server;

    private final ManagedChannel channel;

    private GrpcServer(PackagedServer server, ManagedChannel channel) {
        this.server = server;
        this.channel = channel;
    }

    /** Starts with a registry of its own and waits for it. */
    static GrpcServer with(PackagedServer.Registry registry, String... settings) {
        int port = FreePorts.next();
        GrpcServer started = new GrpcServer(PackagedServer.withRegistry(registry, settings(port, settings)),
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build());
        awaitPort(started.channel);
        return started;
    }

    /** It opens a moment after that of HTTP. */
    static void awaitPort(Channel channel) {
        assertThat(caller(channel).withWaitForReady().serverLive(ServerLiveRequest.getDefaultInstance()).getLive())
            .isTrue();
    }

    static String[] settings(int port, String... settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("--spring.grpc.server.enabled=true");
        all.add("--spring.grpc.server.port=" + port);
        return all.toArray(String[]::new);
    }

    PackagedServer server() {
        return server;
    }

    ManagedChannel channel() {
        return channel;
    }

    GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub caller() {
        return caller(channel);
    }

    static GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub caller(Channel channel) {
        return GRPCInferenceServiceGrpc.newBlockingStub(channel)
            .withMaxInboundMessageSize(64 << 20)
            .withDeadlineAfter(5, TimeUnit.MINUTES);
    }

    /** A window of the bundled classifier in raw contents. */
    static ModelInferRequest.Builder request(GoldenSample... samples) {
        ByteBuffer bytes = ByteBuffer.allocate(samples.length * samples[0].flat().size() * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
        for (GoldenSample sample : samples) {
            for (JsonNode number : sample.flat()) {
                bytes.putFloat(number.floatValue());
            }
        }
        return ModelInferRequest.newBuilder()
            .setModelName(samples[0].model())
            .addInputs(InferInputTensor.newBuilder()
                .setName("features")
                .setDatatype("FP32")
                .addShape(samples.length)
                .addShape(samples[0].window().size())
                .addShape(samples[0].window().get(0).size()))
            .addRawInputContents(ByteString.copyFrom(bytes.flip()));
    }

    static float[] floats(ByteString raw) {
        float[] numbers = new float[raw.size() / Float.BYTES];
        raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(numbers);
        return numbers;
    }

    static void assertFails(Status.Code code, String part, Runnable call) {
        assertThatThrownBy(call::run).satisfies((failure) -> {
            Status status = status(failure);
            assertThat(status.getCode()).as(status::toString).isEqualTo(code);
            assertThat(String.valueOf(status.getDescription())).contains(part)
                .doesNotContain("Exception", "io.modelserver");
        });
    }

    static Status status(Throwable failure) {
        return (failure instanceof StatusRuntimeException) ? Status.fromThrowable(failure)
                : Status.UNKNOWN.withDescription(failure.toString());
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.close();
    }

}

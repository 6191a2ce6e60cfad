package io.modelserver.front.grpc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import inference.GRPCInferenceServiceGrpc;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.modelserver.fixtures.ServedModels;
import io.modelserver.oip.InferenceService;
import io.modelserver.oip.ModelCatalog;
import io.modelserver.oip.ModelControl;
import io.modelserver.oip.RowLimits;
import io.modelserver.oip.ServerDetails;
import io.modelserver.oip.Statistics;
import io.modelserver.trading.ServingRig;
import io.modelserver.trading.SignalReader;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/** The door within one process, in front of a model that looks at two numbers. */
final class DoorRig {

    final ServingRig rig;

    final ServedModels models;

    final OpenStreams streams = new OpenStreams();

    final ApplicationAvailability availability = mock(ApplicationAvailability.class);

    final HealthDoor health;

    final ManagedChannel channel;

    /** The calls that have ended, when nothing works on them any more. */
    private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private final Server server;

    DoorRig(Path temp) throws Exception {
        this.rig = new ServingRig(temp);
        this.models = rig.models;
        models.write("1", 2).serve("1");
        given(availability.getLivenessState()).willReturn(LivenessState.CORRECT);
        given(availability.getReadinessState()).willReturn(ReadinessState.ACCEPTING_TRAFFIC);
        Statistics statistics = new Statistics(rig.clock.timeOfDay());
        ModelCatalog catalog = new ModelCatalog(new ServerDetails("name", "1.0", List.of("sequence")),
                models.overview(), models.registry(), statistics, rig.clock, ServingRig.DEADLINE.toNanos());
        Readiness readiness = new Readiness(availability, catalog);
        this.health = new HealthDoor(readiness::isReady, streams);
        InferenceService service = new InferenceService(rig.serving, rig.windows, new SignalReader(), statistics,
                new RowLimits(8, 2), (result) -> {
                });
        InferenceDoor door = new InferenceDoor(readiness, catalog, new ModelControl(models.lifecycle()),
                new Inferences(service, rig.clock), streams);
        String name = InProcessServerBuilder.generateName();
        this.server = InProcessServerBuilder.forName(name)
            .executor(threads)
            .addService(MessageReading.of(door))
            .addService(health)
            .intercept(new Ends())
            .build()
            .start();
        this.channel = InProcessChannelBuilder.forName(name).build();
    }

    GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub caller() {
        return GRPCInferenceServiceGrpc.newBlockingStub(channel).withDeadlineAfter(2, TimeUnit.MINUTES);
    }

    GRPCInferenceServiceGrpc.GRPCInferenceServiceStub asyncCaller() {
        return GRPCInferenceServiceGrpc.newStub(channel);
    }

    /** Waits until the server has ended one more call, with an answer or without. */
    void awaitEnded() throws InterruptedException {
        assertThat(ended.poll(2, TimeUnit.MINUTES)).as("a call has ended").isNotNull();
    }

    static ModelInferRequest.Builder request(float... numbers) {
        return ModelInferRequest.newBuilder()
            .setModelName(ServedModels.MODEL)
            .addInputs(InferInputTensor.newBuilder()
                .setName("features")
                .setDatatype("FP32")
                .addShape(numbers.length / 2)
                .addShape(2))
            .addRawInputContents(raw(numbers));
    }

    static ByteString raw(float... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(numbers);
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    static float[] floats(ByteString raw) {
        float[] numbers = new float[raw.size() / Float.BYTES];
        raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(numbers);
        return numbers;
    }

    void close() throws InterruptedException {
        channel.shutdownNow();
        server.shutdownNow();
        assertThat(server.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
        threads.close();
        rig.close();
    }

    /** Comes after what works on the call, since gRPC calls both on one thread. */
    private final class Ends implements ServerInterceptor {

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
                ServerCallHandler<Q, A> next) {
            return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {

                @Override
                public void onCancel() {
                    super.onCancel();
                    ended.add(call.getMethodDescriptor().getFullMethodName());
                }

                @Override
                public void onComplete() {
                    super.onComplete();
                    ended.add(call.getMethodDescriptor().getFullMethodName());
                }

            };
        }

    }

}

package io.modelserver.contract;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import inference.GRPCInferenceServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever message arrives, the fault is the caller's. Half as many as
 * {@code -Dfuzz.requests} says, from {@code -Dfuzz.seed}; {@code -Pfuzz} sends 100,000.
 */
class GrpcFuzzIT {

    private static final int MESSAGES = Integer.getInteger("fuzz.requests", 3000) / 2;

    private static final long SEED = Long.getLong("fuzz.seed", 1);

    private static final int AT_A_TIME = 8;

    private static final Set<Status.Code> OF_THE_SERVER = EnumSet.of(Status.Code.INTERNAL, Status.Code.UNKNOWN,
            Status.Code.DATA_LOSS);

    /** As bytes, since most of them are no messages. */
    private static final MethodDescriptor<byte[], byte[]> INFER = MethodDescriptor.newBuilder(new Bytes(), new Bytes())
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(GRPCInferenceServiceGrpc.getModelInferMethod().getFullMethodName())
        .build();

    private static GrpcServer server;

    private final Map<Status.Code, Integer> statuses = new ConcurrentSkipListMap<>();

    private final Queue<String> serverErrors = new ConcurrentLinkedQueue<>();

    private final Queue<Integer> leftOpen = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void start() {
        server = GrpcServer.with(PackagedServer::copyClassifier, "--modelserver.inference.engine=onnxruntime");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void noMessageIsAnsweredWithAnErrorOfTheServerOrLeftWithoutAnEnd() throws Exception {
        GoldenSample sample = GoldenSample.inProduction();
        FuzzedMessages messages = new FuzzedMessages(SEED, sample);
        Semaphore places = new Semaphore(AT_A_TIME);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int number = 0; number < MESSAGES; number++) {
                int message = number;
                places.acquire();
                callers.execute(() -> {
                    try {
                        call(message, messages.get(message));
                    }
                    finally {
                        places.release();
                    }
                });
            }
        }
        System.out.printf("fuzz: seed %d, %d messages, answers %s, errors of the server %d, left open %d%n", SEED,
                MESSAGES, statuses, serverErrors.size(), leftOpen.size());
        assertThat(serverErrors.stream().limit(5)).isEmpty();
        assertThat(statuses).containsKeys(Status.Code.OK, Status.Code.INVALID_ARGUMENT, Status.Code.NOT_FOUND);
        assertThat(leftOpen).as("numbers of messages").isEmpty();
        assertThat(server.server().output()).doesNotContain(" ERROR ");
        assertThat(server.caller().modelInfer(GrpcServer.request(sample).build()).getOutputsCount()).isPositive();
    }

    /** The server gives a call its own deadline, far shorter than this one. */
    private void call(int number, byte[] message) {
        Status status = Status.OK;
        try {
            ClientCalls.blockingUnaryCall(server.channel(), INFER,
                    CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.MINUTES), message);
        }
        catch (StatusRuntimeException ex) {
            status = ex.getStatus();
        }
        statuses.merge(status.getCode(), 1, Integer::sum);
        if (status.getCode() == Status.Code.DEADLINE_EXCEEDED
                && !String.valueOf(status.getDescription()).startsWith("no answer within")) {
            leftOpen.add(number);
        }
        if (OF_THE_SERVER.contains(status.getCode())) {
            serverErrors.add("message %d of seed %d: %s".formatted(number, SEED, status));
        }
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {

        @Override
        public InputStream stream(byte[] message) {
            return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            }
            catch (IOException ex) {
                throw new UncheckedIOException(ex);
            }
        }

    }

}

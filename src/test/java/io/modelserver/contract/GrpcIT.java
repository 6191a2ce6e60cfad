package io.modelserver.contract;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import inference.GRPCInferenceServiceGrpc;
import inference.InferParameter;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import inference.ModelInferRequest.InferRequestedOutputTensor;
import inference.ModelInferResponse;
import inference.ModelMetadataRequest;
import inference.ModelReadyRequest;
import inference.ModelStatistics;
import inference.ModelStatisticsRequest;
import inference.ModelStreamInferResponse;
import inference.RepositoryIndexRequest;
import inference.ServerLiveRequest;
import inference.ServerMetadataRequest;
import inference.ServerReadyRequest;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * The Open Inference Protocol over gRPC, by a client that was generated from its .proto.
 */
class GrpcIT {

    /** Takes two elements of each datatype that models can have, and returns them. */
    private static final String ECHO = "datatypes";

    private static GrpcServer server;

    private final GoldenSample sample = GoldenSample.inProduction();

    @BeforeAll
    static void start() {
        server = GrpcServer.with((models) -> {
            PackagedServer.copyClassifier(models);
            OipIT.writeDatatypes(models);
        }, "--modelserver.inference.engine=onnxruntime", "--spring.grpc.server.inbound.message.max-size=2MB");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void theServerSaysWhatItIsAndWhatItHas() {
        assertThat(server.caller().serverLive(ServerLiveRequest.getDefaultInstance()).getLive()).isTrue();
        assertThat(server.caller().serverReady(ServerReadyRequest.getDefaultInstance()).getReady()).isTrue();
        assertThat(server.caller().serverMetadata(ServerMetadataRequest.getDefaultInstance()).getExtensionsList())
            .contains("model_repository", "statistics");
        assertThat(
                server.caller().modelReady(ModelReadyRequest.newBuilder().setName(sample.model()).build()).getReady())
            .isTrue();
        assertThat(server.caller()
            .modelMetadata(ModelMetadataRequest.newBuilder().setName(sample.model()).build())
            .getInputsList()).singleElement().satisfies((input) -> {
                assertThat(input.getName()).isEqualTo("features");
                assertThat(input.getShapeList()).containsExactly(-1L, 60L, 110L);
            });
        assertThat(server.caller().repositoryIndex(RepositoryIndexRequest.getDefaultInstance()).getModelsList())
            .anySatisfy((entry) -> {
                assertThat(entry.getName()).isEqualTo(sample.model());
                assertThat(entry.getVersion()).isEqualTo(sample.version());
                assertThat(entry.getState()).isEqualTo("READY");
            });
    }

    @Test
    void tensorsAreAnsweredAsTheModelAnswersThem() {
        ModelInferResponse answer = server.caller().modelInfer(GrpcServer.request(sample).setId("a1").build());

        assertThat(answer.getModelVersion()).isEqualTo(sample.version());
        assertThat(answer.getId()).isEqualTo("a1");
        assertThat(answer.getOutputsCount()).isEqualTo(answer.getRawOutputContentsCount()).isPositive();
        for (int i = 0; i < answer.getOutputsCount(); i++) {
            JsonNode expected = sample.outputs().get(answer.getOutputs(i).getName());
            assertThat(expected).as(answer.getOutputs(i).getName()).isNotNull();
            float[] numbers = GrpcServer.floats(answer.getRawOutputContents(i));
            List<Float> wanted = new ArrayList<>();
            flatten(expected, wanted);
            assertThat(numbers).hasSize(wanted.size());
            for (int k = 0; k < numbers.length; k++) {
                assertThat(numbers[k]).isCloseTo(wanted.get(k), within(1e-3f));
            }
        }
    }

    private static void flatten(JsonNode node, List<Float> numbers) {
        if (node.isArray()) {
            node.forEach((each) -> flatten(each, numbers));
        }
        else {
            numbers.add(node.floatValue());
        }
    }

    @Test
    void aBatchIsAnsweredInTheOrderOfItsRows() {
        GoldenSample[] samples = GoldenSample.all()
            .stream()
            .filter((each) -> each.version().equals(sample.version()))
            .toArray(GoldenSample[]::new);
        ModelInferResponse together = server.caller().modelInfer(GrpcServer.request(samples).build());

        assertThat(together.getOutputs(0).getShape(0)).isEqualTo(samples.length);
        float[] rows = GrpcServer.floats(together.getRawOutputContents(0));
        for (int i = 0; i < samples.length; i++) {
            float[] alone = GrpcServer
                .floats(server.caller().modelInfer(GrpcServer.request(samples[i]).build()).getRawOutputContents(0));
            for (int k = 0; k < alone.length; k++) {
                assertThat(rows[i * alone.length + k]).isCloseTo(alone[k], within(1e-4f));
            }
        }
    }

    @Test
    void everyDatatypeGoesInRawAndComesOutRaw() {
        ModelInferResponse answer = server.caller().modelInfer(echo().addAllRawInputContents(echoRaw()).build());

        assertThat(answer.getOutputsList()).extracting(ModelInferResponse.InferOutputTensor::getDatatype)
            .containsExactly("FP32", "FP64", "FP16", "INT64", "INT32", "BOOL", "BYTES");
        assertThat(answer.getRawOutputContentsList()).isEqualTo(echoRaw());
    }

    @Test
    void typedContentsAreReadToo() {
        ModelInferRequest.Builder typed = echo();
        typed.removeInputs(2);
        contents(typed, "fp32").addFp32Contents(1.5f).addFp32Contents(-2);
        contents(typed, "fp64").addFp64Contents(0.1).addFp64Contents(Math.PI);
        contents(typed, "int64").addInt64Contents(Long.MIN_VALUE).addInt64Contents(7);
        contents(typed, "int32").addIntContents(Integer.MAX_VALUE).addIntContents(-7);
        contents(typed, "bool").addBoolContents(true).addBoolContents(false);
        contents(typed, "bytes").addBytesContents(ByteString.copyFromUtf8("цена"))
            .addBytesContents(ByteString.copyFromUtf8(""));

        GrpcServer.assertFails(Status.Code.INVALID_ARGUMENT, "fp16", () -> server.caller().modelInfer(typed.build()));
        typed.addInputs(input("fp16", "FP16"));
        contents(typed, "fp16").addFp32Contents(1);
        GrpcServer.assertFails(Status.Code.INVALID_ARGUMENT, "raw_input_contents",
                () -> server.caller().modelInfer(typed.build()));
        GrpcServer.assertFails(Status.Code.INVALID_ARGUMENT, "one of the two",
                () -> server.caller().modelInfer(typed.addAllRawInputContents(echoRaw()).build()));
    }

    private static InferTensorContents.Builder contents(ModelInferRequest.Builder request, String input) {
        return request.getInputsBuilderList()
            .stream()
            .filter((each) -> each.getName().equals(input))
            .findFirst()
            .orElseThrow()
            .getContentsBuilder();
    }

    private static ModelInferRequest.Builder echo() {
        return ModelInferRequest.newBuilder()
            .setModelName(ECHO)
            .addInputs(input("fp32", "FP32"))
            .addInputs(input("fp64", "FP64"))
            .addInputs(input("fp16", "FP16"))
            .addInputs(input("int64", "INT64"))
            .addInputs(input("int32", "INT32"))
            .addInputs(input("bool", "BOOL"))
            .addInputs(input("bytes", "BYTES"));
    }

    private static InferInputTensor.Builder input(String name, String datatype) {
        return InferInputTensor.newBuilder().setName(name).setDatatype(datatype).addShape(1).addShape(2);
    }

    private static List<ByteString> echoRaw() {
        byte[] text = "цена".getBytes(StandardCharsets.UTF_8);
        return List.of(ByteString.copyFrom(little(8).putFloat(1.5f).putFloat(-2).flip()),
                ByteString.copyFrom(little(16).putDouble(0.1).putDouble(Math.PI).flip()),
                ByteString
                    .copyFrom(little(4).putShort(Float.floatToFloat16(0.5f)).putShort(Float.floatToFloat16(-4)).flip()),
                ByteString.copyFrom(little(16).putLong(Long.MIN_VALUE).putLong(7).flip()),
                ByteString.copyFrom(little(8).putInt(Integer.MAX_VALUE).putInt(-7).flip()),
                ByteString.copyFrom(new byte[] { 1, 0 }),
                ByteString.copyFrom(little(8 + text.length).putInt(text.length).put(text).putInt(0).flip()));
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void onlyTheOutputsThatAreAskedForComeBack() {
        ModelInferResponse answer = server.caller()
            .modelInfer(echo().addAllRawInputContents(echoRaw())
                .addOutputs(InferRequestedOutputTensor.newBuilder().setName("bool_out"))
                .build());

        assertThat(answer.getOutputsList()).singleElement()
            .satisfies((output) -> assertThat(output.getName()).isEqualTo("bool_out"));
        GrpcServer.assertFails(Status.Code.INVALID_ARGUMENT, "nothing",
                () -> server.caller()
                    .modelInfer(echo().addAllRawInputContents(echoRaw())
                        .addOutputs(InferRequestedOutputTensor.newBuilder().setName("nothing"))
                        .build()));
    }

    @Test
    void whatIsWrongIsToldWithItsStatus() {
        ModelInferRequest good = GrpcServer.request(sample).build();

        GrpcServer.assertFails(Status.Code.NOT_FOUND, "nobody",
                () -> server.caller().modelInfer(good.toBuilder().setModelName("nobody").build()));
        GrpcServer.assertFails(Status.Code.NOT_FOUND, "v9",
                () -> server.caller().modelInfer(good.toBuilder().setModelVersion("v9").build()));
        GrpcServer.assertFails(Status.Code.INVALID_ARGUMENT, "expected 6600", () -> server.caller()
            .modelInfer(good.toBuilder().setRawInputContents(0, good.getRawInputContents(0).substring(4)).build()));
        GrpcServer.assertFails(Status.Code.INVALID_ARGUMENT, "FP8", () -> server.caller()
            .modelInfer(good.toBuilder().setInputs(0, good.getInputs(0).toBuilder().setDatatype("FP8")).build()));
        GrpcServer.assertFails(Status.Code.RESOURCE_EXHAUSTED, "", () -> server.caller()
            .modelInfer(good.toBuilder().setRawInputContents(0, ByteString.copyFrom(new byte[(2 << 20) + 1])).build()));
        assertThat(server.caller().modelInfer(good).getOutputsCount()).isPositive();
    }

    @Test
    void aMessageThatIsCompressedIsReadAndBoundedAsWell() {
        GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub caller = server.caller().withCompression("gzip");
        ModelInferRequest good = GrpcServer.request(sample).build();

        assertThat(caller.modelInfer(good)).isEqualTo(server.caller().modelInfer(good));
        GrpcServer.assertFails(Status.Code.RESOURCE_EXHAUSTED, "max-size", () -> caller
            .modelInfer(good.toBuilder().setRawInputContents(0, ByteString.copyFrom(new byte[(2 << 20) + 1])).build()));
    }

    @Test
    void streamsAreAnsweredInOrderAndGoOnAfterErrors() throws Exception {
        List<ModelStreamInferResponse> answers = stream(IntStream.range(0, 50)
            .mapToObj((i) -> GrpcServer.request(sample)
                .setId("s" + i)
                .setModelName((i % 10 == 7) ? "nobody" : sample.model())
                .build())
            .toList());

        assertThat(answers).extracting((answer) -> answer.getInferResponse().getId())
            .containsExactlyElementsOf(IntStream.range(0, 50).mapToObj((i) -> "s" + i).toList());
        assertThat(answers.get(7).getErrorMessage()).contains("nobody");
        assertThat(answers.get(8).getErrorMessage()).isEmpty();
        assertThat(answers.get(8).getInferResponse().getRawOutputContentsCount()).isPositive();
    }

    @Test
    void aThousandStreamsAtATimeAreAnswered() throws Exception {
        List<CompletableFuture<List<ModelStreamInferResponse>>> streams = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            streams.add(startStream(List.of(GrpcServer.request(sample).build())));
        }
        for (CompletableFuture<List<ModelStreamInferResponse>> stream : streams) {
            assertThat(stream.get(5, TimeUnit.MINUTES)).singleElement()
                .satisfies((answer) -> assertThat(answer.getErrorMessage()).isEmpty());
        }
    }

    private List<ModelStreamInferResponse> stream(List<ModelInferRequest> requests) throws Exception {
        return startStream(requests).get(5, TimeUnit.MINUTES);
    }

    private CompletableFuture<List<ModelStreamInferResponse>> startStream(List<ModelInferRequest> requests) {
        CompletableFuture<List<ModelStreamInferResponse>> end = new CompletableFuture<>();
        List<ModelStreamInferResponse> answers = new ArrayList<>();
        StreamObserver<ModelInferRequest> stream = GRPCInferenceServiceGrpc.newStub(server.channel())
            .modelStreamInfer(new StreamObserver<>() {

                @Override
                public void onNext(ModelStreamInferResponse answer) {
                    answers.add(answer);
                }

                @Override
                public void onError(Throwable failure) {
                    end.completeExceptionally(failure);
                }

                @Override
                public void onCompleted() {
                    end.complete(answers);
                }

            });
        requests.forEach(stream::onNext);
        stream.onCompleted();
        return end;
    }

    @Test
    void stepsOfASequenceFillItsWindow() {
        ByteString window = GrpcServer.request(sample).getRawInputContents(0);
        int bytes = 110 * Float.BYTES;
        for (int step = 0; step < 60; step++) {
            ModelInferRequest request = ModelInferRequest.newBuilder()
                .setModelName(sample.model())
                .putParameters("sequence_id", InferParameter.newBuilder().setStringParam("SEQ/GRPC").build())
                .putParameters("sequence_start", InferParameter.newBuilder().setBoolParam(step == 0).build())
                .addInputs(
                        InferInputTensor.newBuilder().setName("features").setDatatype("FP32").addShape(1).addShape(110))
                .addRawInputContents(window.substring(step * bytes, (step + 1) * bytes))
                .build();
            if (step < 59) {
                GrpcServer.assertFails(Status.Code.FAILED_PRECONDITION, "%d of the 60".formatted(step + 1),
                        () -> server.caller().modelInfer(request));
            }
            else {
                assertThat(server.caller().modelInfer(request).getRawOutputContents(0))
                    .isEqualTo(server.caller().modelInfer(GrpcServer.request(sample).build()).getRawOutputContents(0));
            }
        }
    }

    @Test
    void aDeadlineThatHasPassedIsToldAndTheServerGoesOn() {
        GrpcServer.assertFails(Status.Code.DEADLINE_EXCEEDED, "",
                () -> server.caller()
                    .withDeadlineAfter(1, TimeUnit.NANOSECONDS)
                    .modelInfer(GrpcServer.request(sample).build()));
        GrpcServer.assertFails(Status.Code.DEADLINE_EXCEEDED, "",
                () -> server.caller()
                    .modelInfer(GrpcServer.request(sample)
                        .putParameters("timeout", InferParameter.newBuilder().setInt64Param(1).build())
                        .build()));
        assertThat(server.caller().modelInfer(GrpcServer.request(sample).build()).getOutputsCount()).isPositive();
    }

    @Test
    void callsThatAreCancelledInACrowdLeaveNothingBehind() throws Exception {
        GRPCInferenceServiceGrpc.GRPCInferenceServiceFutureStub caller = GRPCInferenceServiceGrpc
            .newFutureStub(server.channel());
        ModelInferRequest request = GrpcServer.request(sample).build();
        List<ListenableFuture<ModelInferResponse>> calls = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            calls.add(caller.modelInfer(request));
        }
        for (int i = 0; i < calls.size(); i += 2) {
            calls.get(i).cancel(true);
        }
        for (int i = 1; i < calls.size(); i += 2) {
            assertThat(calls.get(i).get(5, TimeUnit.MINUTES).getOutputsCount()).isPositive();
        }
        assertThat(server.server().output()).doesNotContain(" ERROR ");
    }

    @Test
    void statisticsCountTheCallsOfAllDoors() {
        long before = inferences();
        server.caller().modelInfer(GrpcServer.request(sample).build());
        assertThat(server.server().client().predict(sample.request().toString())).hasStatus(200);

        assertThat(inferences()).isGreaterThanOrEqualTo(before + 2);
    }

    private long inferences() {
        return server.caller()
            .modelStatistics(
                    ModelStatisticsRequest.newBuilder().setName(sample.model()).setVersion(sample.version()).build())
            .getModelStatsList()
            .stream()
            .mapToLong(ModelStatistics::getInferenceCount)
            .sum();
    }

    @Test
    void metricsCountCallsByMethodAndStatus() {
        server.caller().serverLive(ServerLiveRequest.getDefaultInstance());

        assertThat(server.server().client().get("/actuator/prometheus").body()).contains("grpc_server")
            .contains("ServerLive");
    }

    @Test
    void healthIsThatOfTheServer() {
        assertThat(
                HealthGrpc.newBlockingStub(server.channel()).check(HealthCheckRequest.getDefaultInstance()).getStatus())
            .isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void reflectionListsTheServices() throws Exception {
        CompletableFuture<ServerReflectionResponse> list = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> stream = ServerReflectionGrpc.newStub(server.channel())
            .serverReflectionInfo(new StreamObserver<>() {

                @Override
                public void onNext(ServerReflectionResponse response) {
                    list.complete(response);
                }

                @Override
                public void onError(Throwable failure) {
                    list.completeExceptionally(failure);
                }

                @Override
                public void onCompleted() {
                    // The list has come by then.
                }

            });
        stream.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());

        assertThat(list.get(1, TimeUnit.MINUTES).getListServicesResponse().getServiceList())
            .extracting(ServiceResponse::getName)
            .contains("inference.GRPCInferenceService", "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection");
        stream.onCompleted();
    }

}

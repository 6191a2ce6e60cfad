package io.modelserver.front.grpc;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import com.google.common.util.concurrent.ListenableFuture;
import inference.GRPCInferenceServiceGrpc;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import inference.ModelMetadataRequest;
import inference.ModelMetadataResponse;
import inference.ModelReadyRequest;
import inference.ModelStatistics;
import inference.ModelStatisticsRequest;
import inference.RepositoryIndexRequest;
import inference.RepositoryIndexResponse.ModelIndex;
import inference.RepositoryModelLoadRequest;
import inference.RepositoryModelUnloadRequest;
import inference.ServerLiveRequest;
import inference.ServerMetadataRequest;
import inference.ServerReadyRequest;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.modelserver.contract.Eventually;
import io.modelserver.fixtures.ServedModels;
import io.modelserver.registry.load.ModelLease;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.availability.ReadinessState;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.BDDMockito.given;

@Timeout(300)
class InferenceDoorTest {

    @TempDir
    Path temp;

    private DoorRig door;

    private ServedModels models;

    @BeforeEach
    void open() throws Exception {
        door = new DoorRig(temp);
        models = door.models;
    }

    @AfterEach
    void nobodyHoldsAVersion() throws Exception {
        door.close();
    }

    @Test
    void rowsAreAnsweredInTheirOrderInRawContents() {
        models.passes("1").answer((input) -> new float[] { input.tensors().getFirst().values()[0], 0, 0 });

        ModelInferResponse answer = door.caller().modelInfer(DoorRig.request(1, 2, 3, 4, 5, 6).setId("x7").build());

        assertThat(answer.getModelName()).isEqualTo(ServedModels.MODEL);
        assertThat(answer.getModelVersion()).isEqualTo("1");
        assertThat(answer.getId()).isEqualTo("x7");
        assertThat(answer.getOutputsCount()).isEqualTo(answer.getRawOutputContentsCount()).isPositive();
        assertThat(answer.getOutputs(0).getDatatype()).isEqualTo("FP32");
        assertThat(answer.getOutputs(0).getShapeList()).containsExactly(3L, 3L);
        assertThat(answer.getOutputs(0).hasContents()).isFalse();
        assertThat(DoorRig.floats(answer.getRawOutputContents(0))).containsExactly(1, 0, 0, 3, 0, 0, 5, 0, 0);
    }

    @Test
    void refusalsHaveTheStatusesOfTritonAndSayWhatIsWrong() {
        assertRefused(DoorRig.request(1, 2).setModelName("nobody"), Status.Code.NOT_FOUND, "nobody");
        assertRefused(DoorRig.request(1, 2).setModelVersion("7"), Status.Code.NOT_FOUND, "7");
        assertRefused(DoorRig.request(1, 2).clearRawInputContents().addRawInputContents(DoorRig.raw(1)),
                Status.Code.INVALID_ARGUMENT, "features");
        assertRefused(DoorRig.request(1, 2).clearInputs(), Status.Code.INVALID_ARGUMENT, "1 for 0 inputs");
        models.passes("1").fail();
        assertRefused(DoorRig.request(1, 2), Status.Code.INTERNAL, "m:1");
    }

    private void assertRefused(ModelInferRequest.Builder request, Status.Code code, String part) {
        assertThatThrownBy(() -> door.caller().modelInfer(request.build()))
            .isInstanceOfSatisfying(StatusRuntimeException.class, (refused) -> {
                assertThat(refused.getStatus().getCode()).isEqualTo(code);
                assertThat(refused.getStatus().getDescription()).contains(part).doesNotContain("Exception");
            });
    }

    @Test
    void aCallWhoseCallerHasGoneIsNeverComputed() throws Exception {
        models.passes("1").holdNext();
        ListenableFuture<ModelInferResponse> first = infer(1);
        models.passes("1").awaitHeld();
        ListenableFuture<ModelInferResponse> second = infer(2);
        awaitQueued();

        second.cancel(true);
        door.awaitEnded();
        models.passes("1").release();
        first.get();
        door.caller().modelInfer(DoorRig.request(3, 0).build());

        assertThat(models.passes("1").firstNumbers()).containsExactly(1f, 3f);
    }

    @Test
    void aCallWhoseDeadlineHasPassedIsNeverComputed() throws Exception {
        models.passes("1").holdNext();
        ListenableFuture<ModelInferResponse> first = infer(1);
        models.passes("1").awaitHeld();

        assertThatThrownBy(() -> door.caller()
            .withDeadlineAfter(100, TimeUnit.MILLISECONDS)
            .modelInfer(DoorRig.request(2, 0).build())).isInstanceOfSatisfying(StatusRuntimeException.class,
                    (late) -> assertThat(late.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
        door.awaitEnded();
        models.passes("1").release();
        first.get();
        door.caller().modelInfer(DoorRig.request(3, 0).build());

        assertThat(models.passes("1").firstNumbers()).containsExactly(1f, 3f);
    }

    private ListenableFuture<ModelInferResponse> infer(float number) {
        return GRPCInferenceServiceGrpc.newFutureStub(door.channel).modelInfer(DoorRig.request(number, 0).build());
    }

    private void awaitQueued() throws InterruptedException {
        try (ModelLease lease = models.lease("1")) {
            Eventually.isSo(() -> lease.batcher().queued() == 1);
        }
    }

    /** As a caller with another .proto would send it. */
    @Test
    void aMessageThatCanNotBeReadIsTheFaultOfItsCaller() {
        MethodDescriptor<String, String> method = MethodDescriptor.newBuilder(Texts.INSTANCE, Texts.INSTANCE)
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(GRPCInferenceServiceGrpc.getModelInferMethod().getFullMethodName())
            .build();

        assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(door.channel, method, CallOptions.DEFAULT, "no message"))
            .isInstanceOfSatisfying(StatusRuntimeException.class, (refused) -> {
                assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
                assertThat(refused.getStatus().getDescription()).contains("ModelInferRequest");
            });
    }

    @Test
    void theServerSaysWhatItIsAndWhetherItIsReady() {
        assertThat(door.caller().serverLive(ServerLiveRequest.getDefaultInstance()).getLive()).isTrue();
        assertThat(door.caller().serverReady(ServerReadyRequest.getDefaultInstance()).getReady()).isTrue();
        assertThat(door.caller().serverMetadata(ServerMetadataRequest.getDefaultInstance()).getExtensionsList())
            .containsExactly("sequence");

        given(door.availability.getReadinessState()).willReturn(ReadinessState.REFUSING_TRAFFIC);
        assertThat(door.caller().serverReady(ServerReadyRequest.getDefaultInstance()).getReady()).isFalse();
    }

    @Test
    void aModelSaysWhatItTakesAndOneThatIsNotThereIsNotReady() {
        ModelMetadataResponse model = door.caller()
            .modelMetadata(ModelMetadataRequest.newBuilder().setName(ServedModels.MODEL).build());

        assertThat(model.getInputsList()).singleElement().satisfies((input) -> {
            assertThat(input.getName()).isEqualTo("features");
            assertThat(input.getDatatype()).isEqualTo("FP32");
            assertThat(input.getShapeList()).containsExactly(-1L, 2L);
        });
        assertThat(isReady(ServedModels.MODEL)).isTrue();
        assertThat(isReady("nobody")).isFalse();
    }

    private boolean isReady(String model) {
        return door.caller().modelReady(ModelReadyRequest.newBuilder().setName(model).build()).getReady();
    }

    @Test
    void modelsAreListedUnloadedAndLoaded() {
        assertThat(door.caller().repositoryIndex(RepositoryIndexRequest.getDefaultInstance()).getModelsList())
            .extracting(ModelIndex::getName, ModelIndex::getVersion, ModelIndex::getState)
            .containsExactly(org.assertj.core.groups.Tuple.tuple(ServedModels.MODEL, "1", "READY"));

        assertThat(door.caller()
            .repositoryModelUnload(RepositoryModelUnloadRequest.newBuilder().setModelName(ServedModels.MODEL).build()))
            .isNotNull();
        assertThat(isReady(ServedModels.MODEL)).isFalse();
        assertThat(door.caller()
            .repositoryModelLoad(RepositoryModelLoadRequest.newBuilder().setModelName(ServedModels.MODEL).build()))
            .isNotNull();
        assertThat(isReady(ServedModels.MODEL)).isTrue();
    }

    @Test
    void statisticsCountWhatWasAnswered() {
        door.caller().modelInfer(DoorRig.request(1, 2, 3, 4).build());

        assertThat(door.caller()
            .modelStatistics(ModelStatisticsRequest.newBuilder().setName(ServedModels.MODEL).build())
            .getModelStatsList()).singleElement().extracting(ModelStatistics::getName).isEqualTo(ServedModels.MODEL);
    }

}

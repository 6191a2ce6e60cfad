package io.modelserver.front.grpc;

import java.util.List;

import inference.GRPCInferenceServiceGrpc;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import inference.ModelMetadataRequest;
import inference.ModelMetadataResponse;
import inference.ModelReadyRequest;
import inference.ModelReadyResponse;
import inference.ModelStatisticsRequest;
import inference.ModelStatisticsResponse;
import inference.ModelStreamInferResponse;
import inference.RepositoryIndexRequest;
import inference.RepositoryIndexResponse;
import inference.RepositoryModelLoadRequest;
import inference.RepositoryModelLoadResponse;
import inference.RepositoryModelUnloadRequest;
import inference.RepositoryModelUnloadResponse;
import inference.ServerLiveRequest;
import inference.ServerLiveResponse;
import inference.ServerMetadataRequest;
import inference.ServerMetadataResponse;
import inference.ServerReadyRequest;
import inference.ServerReadyResponse;
import io.grpc.stub.StreamObserver;
import io.modelserver.oip.ModelCatalog;
import io.modelserver.oip.ModelControl;
import io.modelserver.oip.ModelDetails;
import io.modelserver.oip.OipResult;
import io.modelserver.oip.OipStatus;
import io.modelserver.oip.ServerDetails;
import io.modelserver.oip.VersionStatistics;

/** The calls of the protocol. Each runs on a thread of its own and may wait. */
final class InferenceDoor extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {

    private final Readiness readiness;

    private final ModelCatalog catalog;

    private final ModelControl control;

    private final Inferences inferences;

    private final OpenStreams streams;

    InferenceDoor(Readiness readiness, ModelCatalog catalog, ModelControl control, Inferences inferences,
            OpenStreams streams) {
        this.readiness = readiness;
        this.catalog = catalog;
        this.control = control;
        this.inferences = inferences;
        this.streams = streams;
    }

    @Override
    public void serverLive(ServerLiveRequest request, StreamObserver<ServerLiveResponse> caller) {
        Answering.answer(caller, () -> done(ServerLiveResponse.newBuilder().setLive(readiness.isLive()).build()));
    }

    @Override
    public void serverReady(ServerReadyRequest request, StreamObserver<ServerReadyResponse> caller) {
        Answering.answer(caller, () -> done(ServerReadyResponse.newBuilder().setReady(readiness.isReady()).build()));
    }

    /** A model that is not there is not ready either, as Triton has it. */
    @Override
    public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> caller) {
        Answering.answer(caller, () -> switch (catalog.isReady(request.getName(), request.getVersion())) {
            case OipResult.Done<Boolean>(Boolean ready) -> done(modelReady(ready));
            case OipResult.Refused<Boolean> refused when refused.status() == OipStatus.NOT_FOUND ->
                done(modelReady(false));
            case OipResult.Refused<Boolean> refused -> refused.as();
        });
    }

    private static ModelReadyResponse modelReady(boolean ready) {
        return ModelReadyResponse.newBuilder().setReady(ready).build();
    }

    @Override
    public void serverMetadata(ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> caller) {
        Answering.answer(caller, () -> {
            ServerDetails server = catalog.server();
            return done(ServerMetadataResponse.newBuilder()
                .setName(server.name())
                .setVersion(server.version())
                .addAllExtensions(server.extensions())
                .build());
        });
    }

    @Override
    public void modelMetadata(ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> caller) {
        Answering.answer(caller, () -> switch (catalog.describe(request.getName(), request.getVersion())) {
            case OipResult.Done<ModelDetails>(ModelDetails details) -> done(AnswerWriter.write(details));
            case OipResult.Refused<ModelDetails> refused -> refused.as();
        });
    }

    @Override
    public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> caller) {
        Answering.answer(caller, () -> {
            try (CallWait wait = CallWait.begin()) {
                return inferences.infer(request, wait);
            }
        });
    }

    @Override
    public StreamObserver<ModelInferRequest> modelStreamInfer(StreamObserver<ModelStreamInferResponse> caller) {
        return InferStream.open(caller, inferences, streams);
    }

    @Override
    public void modelStatistics(ModelStatisticsRequest request, StreamObserver<ModelStatisticsResponse> caller) {
        Answering.answer(caller, () -> switch (catalog.statistics(request.getName(), request.getVersion())) {
            case OipResult.Done<List<VersionStatistics>>(List<VersionStatistics> versions) ->
                done(AnswerWriter.writeStatistics(versions));
            case OipResult.Refused<List<VersionStatistics>> refused -> refused.as();
        });
    }

    @Override
    public void repositoryIndex(RepositoryIndexRequest request, StreamObserver<RepositoryIndexResponse> caller) {
        Answering.answer(caller, () -> done(AnswerWriter.writeIndex(catalog.index(request.getReady()))));
    }

    /**
     * Not given up when the caller goes: what is being written to the registry must not
     * be interrupted. The same is true of unloading.
     */
    @Override
    public void repositoryModelLoad(RepositoryModelLoadRequest request,
            StreamObserver<RepositoryModelLoadResponse> caller) {
        Answering.answer(caller, () -> switch (control.load(request.getModelName(),
                Parameters.readOfRepository(request.getParametersMap()))) {
            case OipResult.Done<String> loaded -> done(RepositoryModelLoadResponse.getDefaultInstance());
            case OipResult.Refused<String> refused -> refused.as();
        });
    }

    @Override
    public void repositoryModelUnload(RepositoryModelUnloadRequest request,
            StreamObserver<RepositoryModelUnloadResponse> caller) {
        Answering.answer(caller, () -> switch (control.unload(request.getModelName())) {
            case OipResult.Done<String> unloaded -> done(RepositoryModelUnloadResponse.getDefaultInstance());
            case OipResult.Refused<String> refused -> refused.as();
        });
    }

    private static <A> OipResult<A> done(A answer) {
        return new OipResult.Done<>(answer);
    }

}

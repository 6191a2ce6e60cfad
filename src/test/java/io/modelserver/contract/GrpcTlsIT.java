package io.modelserver.contract;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import inference.GRPCInferenceServiceGrpc;
import inference.ModelInferRequest;
import inference.ModelStreamInferResponse;
import inference.RepositoryModelLoadRequest;
import inference.ServerLiveRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.modelserver.security.ApiKeys;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** gRPC has the certificate and the keys of HTTP, and ends with it. */
class GrpcTlsIT {

    private static final String BUNDLE = "--spring.ssl.bundle.pem.server.";

    @TempDir
    Path folder;

    private final int grpcPort = FreePorts.next();

    private Certificate certificate;

    private PackagedServer server;

    private ManagedChannel channel;

    @BeforeEach
    void start() throws Exception {
        certificate = Certificate.make(folder);
        certificate.install(folder.resolve("certificate.pem"), folder.resolve("key.pem"));
        Path keys = Files.writeString(folder.resolve("keys"),
                ApiKeys.line("alice", "admin", "admin-key") + ApiKeys.line("bot", "predict", "predict-key"));
        Path home = Files.createTempDirectory("contract");
        PackagedServer.copyClassifier(home.resolve("models"));
        server = PackagedServer.in(home,
                GrpcServer.settings(grpcPort, "--server.ssl.bundle=server", BUNDLE + "reload-on-update=true",
                        BUNDLE + "keystore.certificate=file:" + folder.resolve("certificate.pem"),
                        BUNDLE + "keystore.private-key=file:" + folder.resolve("key.pem"),
                        "--spring.ssl.bundle.watch.file.quiet-period=500ms",
                        "--modelserver.inference.engine=onnxruntime", "--modelserver.security.api-keys-file=" + keys,
                        "--modelserver.security.require-key-for-predict=true"));
        server.untilItAnswers(new Client(server.port(), Certificate.trusting(certificate)));
        channel = channel(certificate);
        GrpcServer.awaitPort(channel);
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.close();
    }

    @Test
    void onlyWhoSpeaksTlsAndHasTheKeyGetsIn() {
        ManagedChannel inTheClear = NettyChannelBuilder.forAddress("localhost", grpcPort).usePlaintext().build();
        GrpcServer.assertFails(Status.Code.UNAVAILABLE, "",
                () -> GrpcServer.caller(inTheClear).serverLive(ServerLiveRequest.getDefaultInstance()));
        inTheClear.shutdownNow();
        ModelInferRequest request = GrpcServer.request(GoldenSample.inProduction()).build();

        assertThat(caller(null).serverLive(ServerLiveRequest.getDefaultInstance()).getLive()).isTrue();
        GrpcServer.assertFails(Status.Code.UNAUTHENTICATED, "predict", () -> caller(null).modelInfer(request));
        GrpcServer.assertFails(Status.Code.UNAUTHENTICATED, "not one", () -> caller("wrong").modelInfer(request));
        assertThat(caller("predict-key").modelInfer(request).getOutputsCount()).isPositive();
        RepositoryModelLoadRequest load = RepositoryModelLoadRequest.newBuilder().setModelName("gone").build();
        GrpcServer.assertFails(Status.Code.PERMISSION_DENIED, "admin",
                () -> caller("predict-key").repositoryModelLoad(load));
        GrpcServer.assertFails(Status.Code.NOT_FOUND, "gone", () -> caller("admin-key").repositoryModelLoad(load));
    }

    @Test
    void aNewCertificateIsServedWithoutARestart() throws Exception {
        assertThat(caller(null).serverLive(ServerLiveRequest.getDefaultInstance()).getLive()).isTrue();
        Certificate second = Certificate.make(folder);
        second.install(folder.resolve("certificate.pem"), folder.resolve("key.pem"));

        Eventually.isSo(() -> {
            ManagedChannel fresh = channel(second);
            try {
                return GrpcServer.caller(fresh).serverLive(ServerLiveRequest.getDefaultInstance()).getLive();
            }
            catch (io.grpc.StatusRuntimeException notYet) {
                return false;
            }
            finally {
                fresh.shutdownNow();
            }
        });
    }

    @Test
    void aServerThatStopsEndsItsStreamsAndExits() throws Exception {
        CompletableFuture<Boolean> answered = new CompletableFuture<>();
        CompletableFuture<Status.Code> end = new CompletableFuture<>();
        StreamObserver<ModelInferRequest> stream = GRPCInferenceServiceGrpc.newStub(channel)
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers("predict-key")))
            .modelStreamInfer(new StreamObserver<>() {

                @Override
                public void onNext(ModelStreamInferResponse answer) {
                    answered.complete(answer.getErrorMessage().isEmpty());
                }

                @Override
                public void onError(Throwable failure) {
                    end.complete(Status.fromThrowable(failure).getCode());
                }

                @Override
                public void onCompleted() {
                    end.complete(Status.Code.OK);
                }

            });
        stream.onNext(GrpcServer.request(GoldenSample.inProduction()).build());
        assertThat(answered.get(5, TimeUnit.MINUTES)).isTrue();

        assertThat(server.stop()).isIn(0, 143);
        assertThat(end.get(1, TimeUnit.MINUTES)).isEqualTo(Status.Code.UNAVAILABLE);
    }

    private GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub caller(@Nullable String key) {
        return (key == null) ? GrpcServer.caller(channel)
                : GrpcServer.caller(channel).withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers(key)));
    }

    private static Metadata headers(String key) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + key);
        return headers;
    }

    private ManagedChannel channel(Certificate trusted) {
        try {
            return NettyChannelBuilder.forAddress("localhost", grpcPort)
                .sslContext(GrpcSslContexts.forClient().trustManager(trusted.certificate()).build())
                .build();
        }
        catch (javax.net.ssl.SSLException ex) {
            throw new IllegalStateException(ex);
        }
    }

}

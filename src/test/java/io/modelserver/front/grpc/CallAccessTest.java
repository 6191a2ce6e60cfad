package io.modelserver.front.grpc;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import inference.GRPCInferenceServiceGrpc;
import inference.ModelInferRequest;
import inference.RepositoryModelUnloadRequest;
import inference.ServerLiveRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.modelserver.front.access.AccessSettings;
import io.modelserver.front.access.Admission;
import io.modelserver.security.ApiKeys;
import io.modelserver.security.KeyFile;
import io.modelserver.security.KeyRing;
import io.modelserver.security.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What the door answers to a call that comes in is that it does not know the method. */
@Timeout(300)
class CallAccessTest {

    private static final Status.Code IN = Status.Code.UNIMPLEMENTED;

    @TempDir
    Path folder;

    private @Nullable Server server;

    private @Nullable ManagedChannel channel;

    @AfterEach
    void stop() {
        if (channel != null) {
            channel.shutdownNow();
        }
        if (server != null) {
            server.shutdownNow();
        }
    }

    @Test
    void everyCallOfTheDoorIsAnOperation() {
        assertThat(GRPCInferenceServiceGrpc.getServiceDescriptor().getMethods())
            .extracting(MethodDescriptor::getFullMethodName)
            .allSatisfy((method) -> assertThat(CallAccess.operation(method)).isNotNull());
        assertThat(HealthGrpc.getServiceDescriptor().getMethods())
            .allSatisfy((method) -> assertThat(CallAccess.operation(method.getFullMethodName()))
                .isEqualTo(Operation.READ_HEALTH));
        assertThat(ProtoReflectionServiceV1.newInstance().bindService().getMethods()).isNotEmpty()
            .allSatisfy((method) -> assertThat(CallAccess.operation(method.getMethodDescriptor().getFullMethodName()))
                .isEqualTo(Operation.READ_DOCUMENTATION));
        assertThat(CallAccess.operation("inference.GRPCInferenceService/Nothing")).isNull();
    }

    @ParameterizedTest
    @CsvSource({ "Bearer admin-key, UNIMPLEMENTED", "bearer admin-key, UNIMPLEMENTED",
            "Bearer predict-key, PERMISSION_DENIED", "Bearer wrong, UNAUTHENTICATED", "admin-key, UNAUTHENTICATED",
            ", UNAUTHENTICATED" })
    void changesNeedAKeyOfTheirScope(@Nullable String credentials, Status.Code expected) throws Exception {
        start(withKeys(false));

        assertThat(unload(credentials)).isEqualTo(expected);
    }

    @Test
    void predictionsNeedAKeyOnlyWhereTheSettingsSaySo() throws Exception {
        start(withKeys(false));
        assertThat(infer(null)).isEqualTo(IN);
        stop();
        start(withKeys(true));
        assertThat(infer(null)).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(infer("Bearer predict-key")).isEqualTo(IN);
        assertThat(infer("Bearer outcome-key")).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(code(() -> GRPCInferenceServiceGrpc.newBlockingStub(channel)
            .serverLive(ServerLiveRequest.getDefaultInstance()))).isEqualTo(IN);
    }

    @Test
    void withoutKeysChangesAreTakenFromThisHost() throws Exception {
        start(new AccessSettings(null, false, List.of()));

        assertThat(unload(null)).isEqualTo(IN);
    }

    @ParameterizedTest
    @ValueSource(strings = { "x-forwarded-for", "forwarded", "via", "origin" })
    void withoutKeysAProxySpeaksForStrangers(String header) throws Exception {
        start(new AccessSettings(null, false, List.of()));
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of(header, Metadata.ASCII_STRING_MARSHALLER), "203.0.113.9");

        assertThat(code(() -> GRPCInferenceServiceGrpc.newBlockingStub(channel)
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
            .repositoryModelUnload(RepositoryModelUnloadRequest.getDefaultInstance())))
            .isEqualTo(Status.Code.PERMISSION_DENIED);
    }

    @Test
    void withoutKeysANameOfItsOwnIsNotThisHost() throws Exception {
        start(new AccessSettings(null, false, List.of()), "models.example");

        assertThat(unload(null)).isEqualTo(Status.Code.PERMISSION_DENIED);
    }

    private AccessSettings withKeys(boolean forPredict) throws Exception {
        Path file = Files.writeString(folder.resolve("keys"), ApiKeys.line("alice", "admin", "admin-key")
                + ApiKeys.line("bot", "predict", "predict-key") + ApiKeys.line("closer", "outcome", "outcome-key"));
        return new AccessSettings(new KeyRing(new KeyFile(file), System::nanoTime), forPredict, List.of());
    }

    private void start(AccessSettings settings) throws Exception {
        start(settings, "localhost");
    }

    private void start(AccessSettings settings, String authority) throws Exception {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase() {
            })
            .intercept(new CallAccess(new Admission(settings)))
            .build()
            .start();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
            .overrideAuthority(authority)
            .usePlaintext()
            .build();
    }

    private Status.Code unload(@Nullable String credentials) {
        return code(() -> with(GRPCInferenceServiceGrpc.newBlockingStub(channel), credentials)
            .repositoryModelUnload(RepositoryModelUnloadRequest.getDefaultInstance()));
    }

    private Status.Code infer(@Nullable String credentials) {
        return code(() -> with(GRPCInferenceServiceGrpc.newBlockingStub(channel), credentials)
            .modelInfer(ModelInferRequest.getDefaultInstance()));
    }

    private static <S extends AbstractStub<S>> S with(S stub, @Nullable String credentials) {
        Metadata headers = new Metadata();
        if (credentials != null) {
            headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), credentials);
        }
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static Status.Code code(Runnable call) {
        try {
            call.run();
            return Status.Code.OK;
        }
        catch (StatusRuntimeException ex) {
            return ex.getStatus().getCode();
        }
    }

}

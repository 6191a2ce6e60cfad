package io.modelserver.front.grpc;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

import inference.GRPCInferenceServiceGrpc;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.health.v1.HealthGrpc;
import io.modelserver.front.access.Admission;
import io.modelserver.security.Operation;
import io.modelserver.security.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Lets calls in by the keys and scopes that are also good for HTTP, before a message is
 * read.
 */
final class CallAccess implements ServerInterceptor {

    private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of("authorization",
            Metadata.ASCII_STRING_MARSHALLER);

    private static final Map<String, Operation> OPERATIONS = Map.ofEntries(
            entry(GRPCInferenceServiceGrpc.getModelInferMethod(), Operation.PREDICT),
            entry(GRPCInferenceServiceGrpc.getModelStreamInferMethod(), Operation.PREDICT),
            entry(GRPCInferenceServiceGrpc.getServerLiveMethod(), Operation.READ_HEALTH),
            entry(GRPCInferenceServiceGrpc.getServerReadyMethod(), Operation.READ_HEALTH),
            entry(GRPCInferenceServiceGrpc.getModelReadyMethod(), Operation.READ_HEALTH),
            entry(HealthGrpc.getCheckMethod(), Operation.READ_HEALTH),
            entry(HealthGrpc.getWatchMethod(), Operation.READ_HEALTH),
            entry(GRPCInferenceServiceGrpc.getServerMetadataMethod(), Operation.PREDICT),
            entry(GRPCInferenceServiceGrpc.getModelMetadataMethod(), Operation.PREDICT),
            entry(GRPCInferenceServiceGrpc.getModelStatisticsMethod(), Operation.PREDICT),
            entry(GRPCInferenceServiceGrpc.getRepositoryIndexMethod(), Operation.CHANGE_MODELS),
            entry(GRPCInferenceServiceGrpc.getRepositoryModelLoadMethod(), Operation.CHANGE_MODELS),
            entry(GRPCInferenceServiceGrpc.getRepositoryModelUnloadMethod(), Operation.CHANGE_MODELS),
            Map.entry("grpc.reflection.v1.ServerReflection/ServerReflectionInfo", Operation.READ_DOCUMENTATION),
            Map.entry("grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", Operation.READ_DOCUMENTATION));

    private final Admission admission;

    CallAccess(Admission admission) {
        this.admission = admission;
    }

    private static Map.Entry<String, Operation> entry(MethodDescriptor<?, ?> method, Operation operation) {
        return Map.entry(method.getFullMethodName(), operation);
    }

    /**
     * {@return what a call is, null if nobody has decided that}
     * @param method its full name
     */
    static @Nullable Operation operation(String method) {
        return OPERATIONS.get(method);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
            ServerCallHandler<Q, A> next) {
        Optional<Scope> scope = admission.scope(operation(call.getMethodDescriptor().getFullMethodName()));
        if (scope.isEmpty()) {
            return next.startCall(call, headers);
        }
        return switch (admission.judge(scope.get(), credentials(headers), origin(call, headers))) {
            case Admission.Verdict.Admitted admitted -> next.startCall(call, headers);
            case Admission.Verdict.Unknown(String detail) ->
                refuse(call, Status.UNAUTHENTICATED.withDescription(detail));
            case Admission.Verdict.Forbidden(String detail) ->
                refuse(call, Status.PERMISSION_DENIED.withDescription(detail));
        };
    }

    private static <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, Status status) {
        call.close(status, new Metadata());
        return new ServerCall.Listener<>() {
        };
    }

    private static List<String> credentials(Metadata headers) {
        Iterable<String> values = headers.getAll(AUTHORIZATION);
        return (values == null) ? List.of() : StreamSupport.stream(values.spliterator(), false).toList();
    }

    private static Admission.Origin origin(ServerCall<?, ?> call, Metadata headers) {
        SocketAddress peer = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        String address = (peer instanceof InetSocketAddress internet && internet.getAddress() != null)
                ? internet.getAddress().getHostAddress() : "0.0.0.0";
        String authority = (call.getAuthority() != null) ? call.getAuthority() : "";
        return new Admission.Origin(address, authority.replaceFirst(":\\d+$", ""), headers.keys());
    }

}

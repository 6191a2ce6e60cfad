package io.modelserver.front.grpc;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.BindableService;
import io.grpc.ForwardingServerCallListener;
import io.grpc.KnownLength;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/**
 * Reads the messages of a service into one array each, of which the bytes of tensors are
 * a part: gRPC's own way copies them twice. A message that can't be read is the caller's
 * fault and answered so, where gRPC would report a fault of the server.
 */
final class MessageReading {

    private MessageReading() {
    }

    /**
     * {@return a service that reads its messages so}
     * @param service the service
     */
    static BindableService of(BindableService service) {
        return () -> of(service.bindService());
    }

    private static ServerServiceDefinition of(ServerServiceDefinition service) {
        List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();
        for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
            methods.add(of(method));
        }
        ServiceDescriptor known = service.getServiceDescriptor();
        ServiceDescriptor.Builder descriptor = ServiceDescriptor.newBuilder(known.getName())
            .setSchemaDescriptor(known.getSchemaDescriptor());
        methods.forEach((method) -> descriptor.addMethod(method.getMethodDescriptor()));
        ServerServiceDefinition.Builder definition = ServerServiceDefinition.builder(descriptor.build());
        methods.forEach(definition::addMethod);
        return definition.build();
    }

    private static <Q, A> ServerMethodDefinition<Q, A> of(ServerMethodDefinition<Q, A> method) {
        MethodDescriptor<Q, A> descriptor = method.getMethodDescriptor();
        if (!(descriptor.getRequestMarshaller() instanceof PrototypeMarshaller<Q> known)
                || !(known.getMessagePrototype() instanceof MessageLite prototype)) {
            throw new IllegalArgumentException(descriptor.getFullMethodName() + " takes no message of Protobuf");
        }
        WholeMessage<Q> marshaller = new WholeMessage<>(known, prototype);
        return ServerMethodDefinition.create(
                descriptor.toBuilder(marshaller, descriptor.getResponseMarshaller()).build(),
                (call, headers) -> new UnreadableEnds<>(method.getServerCallHandler().startCall(call, headers), call,
                        marshaller));
    }

    /**
     * Reads a message; one that can't be read becomes a message that is known by its
     * identity, since what a marshaller throws is taken for a fault of the server.
     */
    private static final class WholeMessage<Q> implements Marshaller<Q> {

        private final PrototypeMarshaller<Q> known;

        private final MessageLite prototype;

        private final Q unreadable;

        private final Q tooLarge;

        WholeMessage(PrototypeMarshaller<Q> known, MessageLite prototype) {
            this.known = known;
            this.prototype = prototype;
            this.unreadable = message(prototype.newBuilderForType().build());
            this.tooLarge = message(prototype.newBuilderForType().build());
        }

        /** The parser of a type makes messages of that type. */
        @SuppressWarnings("unchecked")
        private Q message(MessageLite message) {
            return (Q) message;
        }

        @Override
        public InputStream stream(Q value) {
            return known.stream(value);
        }

        @Override
        public Q parse(InputStream stream) {
            try {
                CodedInputStream input = UnsafeByteOperations.unsafeWrap(bytes(stream)).newCodedInput();
                input.enableAliasing(true);
                MessageLite message = prototype.getParserForType()
                    .parseFrom(input, ExtensionRegistryLite.getEmptyRegistry());
                input.checkLastTagWas(0);
                return message(message);
            }
            catch (InvalidProtocolBufferException ex) {
                return unreadable;
            }
            catch (StatusRuntimeException ex) {
                // A compressed message that is too large is noticed while it is read.
                return (ex.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED) ? tooLarge : unreadable;
            }
            catch (IOException ex) {
                // A compressed message that is not what its header says.
                return unreadable;
            }
        }

        private static byte[] bytes(InputStream stream) throws IOException {
            if (!(stream instanceof KnownLength)) {
                return stream.readAllBytes();
            }
            byte[] bytes = new byte[stream.available()];
            stream.readNBytes(bytes, 0, bytes.length);
            return bytes;
        }

    }

    /** Ends a call whose message can't be read; nothing else of it is heard then. */
    private static final class UnreadableEnds<Q, A> extends ForwardingServerCallListener<Q> {

        private final ServerCall.Listener<Q> listener;

        private final ServerCall<Q, A> call;

        private final WholeMessage<Q> marshaller;

        private boolean ended;

        UnreadableEnds(ServerCall.Listener<Q> listener, ServerCall<Q, A> call, WholeMessage<Q> marshaller) {
            this.listener = listener;
            this.call = call;
            this.marshaller = marshaller;
        }

        @Override
        protected ServerCall.Listener<Q> delegate() {
            return listener;
        }

        /** What can't be read is known by its identity alone. */
        @Override
        @SuppressWarnings("ReferenceEquality")
        public void onMessage(Q message) {
            if (message == marshaller.unreadable) {
                end(Status.INVALID_ARGUMENT.withDescription("the message is not a %s of this service's .proto file"
                    .formatted(message.getClass().getSimpleName())));
            }
            else if (message == marshaller.tooLarge) {
                end(Status.RESOURCE_EXHAUSTED
                    .withDescription("the message is larger than spring.grpc.server.inbound.message.max-size"));
            }
            else if (!ended) {
                super.onMessage(message);
            }
        }

        private void end(Status status) {
            if (!ended) {
                ended = true;
                call.close(status, new Metadata());
            }
        }

        @Override
        public void onHalfClose() {
            if (!ended) {
                super.onHalfClose();
            }
        }

    }

}

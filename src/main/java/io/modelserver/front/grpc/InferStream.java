package io.modelserver.front.grpc;

import inference.InferParameter;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import inference.ModelStreamInferResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/**
 * A stream of requests for inference. They are answered one after the other, so that
 * answers come in the order of their requests and the steps of a sequence keep theirs;
 * what can't be answered gets its error and does not end the stream. The next request is
 * read when the last answer is on its way: who does not read sends nothing either.
 * <p>
 * gRPC calls this on one thread at a time; {@link #end} comes from another.
 */
final class InferStream implements StreamObserver<ModelInferRequest>, OpenStreams.Stream {

    /** By which Triton's clients tell the last answer to a request. */
    private static final String FINAL = "triton_final_response";

    private static final InferParameter TRUE = InferParameter.newBuilder().setBoolParam(true).build();

    private final ServerCallStreamObserver<ModelStreamInferResponse> caller;

    private final Inferences inferences;

    private final OpenStreams streams;

    /** Guarded by this, as the next three are. */
    private boolean answering;

    private boolean unread;

    private boolean ending;

    private boolean ended;

    private InferStream(ServerCallStreamObserver<ModelStreamInferResponse> caller, Inferences inferences,
            OpenStreams streams) {
        this.caller = caller;
        this.inferences = inferences;
        this.streams = streams;
    }

    /** Begins a stream, within the call that opens it. */
    static InferStream open(StreamObserver<ModelStreamInferResponse> caller, Inferences inferences,
            OpenStreams streams) {
        ServerCallStreamObserver<ModelStreamInferResponse> call = (ServerCallStreamObserver<ModelStreamInferResponse>) caller;
        InferStream stream = new InferStream(call, inferences, streams);
        call.disableAutoRequest();
        call.setOnReadyHandler(stream::mayRead);
        call.setOnCancelHandler(stream::leave);
        call.request(1);
        streams.add(stream);
        return stream;
    }

    @Override
    public void onNext(ModelInferRequest request) {
        if (begin()) {
            finish(answer(request));
        }
    }

    private synchronized boolean begin() {
        answering = !ended;
        return answering;
    }

    private ModelStreamInferResponse answer(ModelInferRequest request) {
        Answering.Outcome<ModelInferResponse> outcome = Answering.outcome(() -> {
            try (CallWait wait = CallWait.begin()) {
                return inferences.infer(request, wait);
            }
        });
        ModelStreamInferResponse.Builder message = ModelStreamInferResponse.newBuilder();
        ModelInferResponse.Builder response = switch (outcome) {
            case Answering.Outcome.Answer<ModelInferResponse>(ModelInferResponse answer) -> answer.toBuilder();
            case Answering.Outcome.None<ModelInferResponse> none -> {
                message.setErrorMessage(String.valueOf(none.status().getDescription()));
                yield ModelInferResponse.newBuilder().setId(request.getId());
            }
        };
        return message.setInferResponse(response.putParameters(FINAL, TRUE)).build();
    }

    private synchronized void finish(ModelStreamInferResponse answer) {
        answering = false;
        if (ended) {
            return;
        }
        caller.onNext(answer);
        if (ending) {
            stop();
        }
        else if (caller.isReady()) {
            caller.request(1);
        }
        else {
            unread = true;
        }
    }

    private synchronized void mayRead() {
        if (unread && !ended && caller.isReady()) {
            unread = false;
            caller.request(1);
        }
    }

    @Override
    public synchronized void end() {
        ending = true;
        if (!answering && !ended) {
            stop();
        }
    }

    private void stop() {
        ended = true;
        streams.remove(this);
        caller.onError(Statuses.stopping().asException());
    }

    @Override
    public synchronized void onCompleted() {
        if (!ended) {
            leave();
            caller.onCompleted();
        }
    }

    @Override
    public void onError(Throwable cause) {
        leave();
    }

    private synchronized void leave() {
        ended = true;
        streams.remove(this);
    }

}

package io.modelserver.front.grpc;

import java.util.function.LongSupplier;

import inference.ModelInferRequest;
import inference.ModelInferResponse;
import io.modelserver.oip.CallTimes;
import io.modelserver.oip.InferAnswer;
import io.modelserver.oip.InferRequest;
import io.modelserver.oip.InferenceService;
import io.modelserver.oip.OipResult;
import io.modelserver.oip.OipStatus;
import io.modelserver.trading.InvalidFeaturesException;

/** Answers one message, whether it came alone or in a stream. */
final class Inferences {

    private final InferenceService service;

    private final LongSupplier nanoTime;

    Inferences(InferenceService service, LongSupplier nanoTime) {
        this.service = service;
        this.nanoTime = nanoTime;
    }

    /**
     * Answers a message.
     * @param message what is asked
     * @param wait how long its caller waits
     * @return the answer, or why there is none
     * @throws InterruptedException if the caller has gone
     */
    OipResult<ModelInferResponse> infer(ModelInferRequest message, CallWait wait) throws InterruptedException {
        long arrival = nanoTime.getAsLong();
        long patience = wait.patienceNanos();
        if (patience <= 0) {
            return new OipResult.Refused<>(OipStatus.DEADLINE_EXCEEDED,
                    "the call's deadline had passed when it arrived");
        }
        InferRequest request;
        try {
            request = InferRequestReader.read(message);
        }
        catch (InvalidFeaturesException ex) {
            return new OipResult.Refused<>(OipStatus.INVALID_ARGUMENT, String.valueOf(ex.getMessage()));
        }
        CallTimes times = new CallTimes(arrival, nanoTime.getAsLong() - arrival, patience);
        return switch (service.infer(request, times)) {
            case OipResult.Done<InferAnswer>(InferAnswer answer) -> new OipResult.Done<>(AnswerWriter.write(answer));
            case OipResult.Refused<InferAnswer> refused -> refused.as();
        };
    }

}

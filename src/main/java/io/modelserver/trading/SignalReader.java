package io.modelserver.trading;

import io.modelserver.inference.Head;
import io.modelserver.inference.HeadResult;
import io.modelserver.inference.ModelOutput;
import io.modelserver.inference.Prediction;
import io.modelserver.serving.OutputReader;

/** Makes a signal of what a version returned, as its head says. */
public final class SignalReader implements OutputReader<Prediction> {

    @Override
    public Reading<Prediction> read(Head head, ModelOutput output) {
        return switch (head.read(output)) {
            case HeadResult.Said(Prediction signal) -> new Reading.Read<>(signal);
            case HeadResult.Unusable(String reason) -> new Reading.Unreadable<>(reason);
        };
    }

}

package io.modelserver.trading;

import io.modelserver.head.Head;
import io.modelserver.head.HeadResult;
import io.modelserver.model.ModelOutput;
import io.modelserver.serving.OutputReader;
import io.modelserver.signal.Signal;

/** Turns what a version returned into a signal, by its head. */
final class SignalReader implements OutputReader<Signal> {

    @Override
    public Reading<Signal> read(Head head, ModelOutput output) {
        return switch (head.read(output)) {
            case HeadResult.Said(Signal signal) -> new Reading.Read<>(signal);
            case HeadResult.Unusable(String reason) -> new Reading.Unreadable<>(reason);
        };
    }

}

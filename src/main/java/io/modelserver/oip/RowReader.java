package io.modelserver.oip;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.modelserver.head.Head;
import io.modelserver.head.Reading;
import io.modelserver.head.VersionHead;
import io.modelserver.model.ModelOutput;
import io.modelserver.registry.metadata.Ensemble;
import io.modelserver.serving.OutputReader;
import io.modelserver.signal.Signal;
import io.modelserver.trading.SignalReader;

/**
 * Leaves what a version returned as it is, and tells besides what it means: experiments,
 * the ledger and metrics want to know that of every answer.
 */
final class RowReader implements OutputReader<RowAnswer> {

    private final SignalReader signals;

    private final boolean mustMean;

    /**
     * Creates a reader.
     * @param signals tells what outputs mean
     * @param mustMean whether a version has failed whose outputs mean nothing
     */
    RowReader(SignalReader signals, boolean mustMean) {
        this.signals = signals;
        this.mustMean = mustMean;
    }

    @Override
    public Reading<RowAnswer> read(Head head, ModelOutput output) {
        if (!(head instanceof VersionHead named)) {
            return new Reading.Unreadable<>("its outputs have no names");
        }
        RowAnswer.Tensors tensors = new RowAnswer.Tensors(named, output);
        return switch (head.read(output)) {
            case Reading.Read<Signal>(Signal signal) -> new Reading.Read<>(new RowAnswer(tensors, signal, ""));
            case Reading.Unreadable<Signal>(String reason) ->
                mustMean ? new Reading.Unreadable<>(reason) : new Reading.Read<>(new RowAnswer(tensors, null, reason));
        };
    }

    @Override
    public Reading<RowAnswer> join(Ensemble ensemble, List<Voice<RowAnswer>> voices, Map<String, String> failed) {
        List<Voice<Signal>> heard = new ArrayList<>();
        Map<String, String> silent = new LinkedHashMap<>(failed);
        for (Voice<RowAnswer> voice : voices) {
            Signal signal = voice.answer().signal();
            if (signal != null) {
                heard.add(new Voice<>(voice.member(), voice.version(), signal));
            }
            else {
                silent.put(voice.member().name(), voice.answer().problem());
            }
        }
        return switch (signals.join(ensemble, heard, silent)) {
            case Reading.Read<Signal>(Signal signal) -> new Reading.Read<>(new RowAnswer(null, signal, ""));
            case Reading.Unreadable<Signal>(String reason) -> new Reading.Unreadable<>(reason);
        };
    }

}

package io.modelserver.head;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.modelserver.model.ModelMetadata;
import io.modelserver.model.ModelOutput;
import io.modelserver.model.ModelSignature;
import io.modelserver.model.OutputRef;
import io.modelserver.model.OutputRole;
import io.modelserver.model.OutputTensor;
import io.modelserver.model.Task;
import io.modelserver.signal.Signal;
import org.jspecify.annotations.Nullable;

/**
 * The head of models whose outputs mean nothing to the server: all of them are passed on
 * by their names, and there is no direction.
 */
public final class RawHead extends VersionHead {

    /**
     * Creates a head.
     * @param metadata may name outputs, which have no roles here
     * @param signature what the model file says
     * @throws IllegalArgumentException if an output that is named is not there
     */
    RawHead(ModelMetadata metadata, ModelSignature signature, OutputMap map) {
        super(map, extras(metadata, signature, map));
    }

    private static Extras extras(ModelMetadata metadata, ModelSignature signature, OutputMap map) {
        Map<String, OutputRef> declared = new LinkedHashMap<>();
        metadata.outputs().forEach((role, ref) -> declared.put(role.key(), map.resolved(role.key(), ref)));
        metadata.rules().named().forEach((key, ref) -> declared.put(key, map.resolved(key, ref)));
        return new Extras(declared, map.named(declared.values()), signature, true);
    }

    @Override
    public Task task() {
        return Task.RAW;
    }

    @Override
    public Reading<Signal> read(ModelOutput output) {
        String problem = mismatch(output.pass(), output.batchSize());
        if (problem == null) {
            problem = extras.problem(output);
        }
        return (problem != null) ? new Reading.Unreadable<>(problem)
                : new Reading.Read<>(new Signal(null, null, null, null, extras.of(output)));
    }

    @Override
    List<OutputRole> roles(List<OutputTensor> outputs) {
        return List.of();
    }

    @Override
    public @Nullable String mismatch(List<OutputTensor> outputs, int batchSize) {
        String mismatch = extras.mismatch(outputs, batchSize);
        return (mismatch == null && answered(outputs).isEmpty())
                ? "the model returned %s: name in 'outputs' in metadata.json what is to be answered, e.g. {\"volatility\": 0}"
                    .formatted(OutputSentences.names(outputs))
                : mismatch;
    }

}

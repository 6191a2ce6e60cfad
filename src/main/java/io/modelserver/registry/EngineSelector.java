package io.modelserver.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

import io.modelserver.engine.LoadedModel;
import io.modelserver.engine.ModelArtifact;
import io.modelserver.engine.ModelFormat;
import io.modelserver.engine.ModelInstance;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.engine.ModelLoader;
import io.modelserver.inference.ModelId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which of a version's model files is served. Where there are both,
 * {@code model.pt} is the reference: it must pass its golden samples. {@code model.onnx}
 * takes its place if it answers the samples alike and is faster; if it can't be used,
 * that is reported and the version goes live without it. The same two files get the same
 * engine ever after, so that a reload does not change a version's answers in their last
 * digits.
 */
final class EngineSelector {

    private static final Logger logger = LoggerFactory.getLogger(EngineSelector.class);

    private static final String SET = "set by modelserver.inference.engine";

    private static final int TIMED_PASSES = 7;

    private final ModelLoader loader;

    private final EnginePreference preference;

    private final int maxBatchSize;

    private final EngineMemory memory;

    private final LongSupplier nanoTime;

    EngineSelector(ModelLoader loader, EnginePreference preference, int maxBatchSize, EngineMemory memory,
            LongSupplier nanoTime) {
        this.loader = loader;
        this.preference = preference;
        this.maxBatchSize = maxBatchSize;
        this.memory = memory;
        this.nanoTime = nanoTime;
    }

    /**
     * Loads and checks what is to be served.
     * @return the model, which the caller must close
     * @throws ModelLoadException if the version can't be served
     */
    Selected select(VersionFolder folder, MetadataFile file, ModelCheck check, VersionLoad load)
            throws ModelLoadException {
        List<ModelFormat> formats = folder.formats();
        if (formats.size() == 1) {
            ModelFormat only = formats.getFirst();
            return checked(folder.artifact(file, only), check, load, "there is only " + only.fileName());
        }
        return switch (preference) {
            case PYTORCH -> checked(folder.artifact(file, ModelFormat.TORCHSCRIPT), check, load, SET);
            case ONNXRUNTIME -> checked(folder.artifact(file, ModelFormat.ONNX), check, load, SET);
            case AUTO -> faster(folder, file, check, load);
        };
    }

    private Selected checked(ModelArtifact artifact, ModelCheck check, VersionLoad load, String reason)
            throws ModelLoadException {
        load.enter(VersionState.CHECKED);
        LoadedModel model = loader.load(artifact);
        try {
            load.enter(VersionState.LOADED);
            ModelProbe probe = check.of(model);
            try (ModelInstance instance = probe.newInstance()) {
                probe.verify(instance);
            }
            load.enter(VersionState.VERIFIED);
            return new Selected(probe, new EngineChoice(artifact.format(), model.engine(), reason));
        }
        catch (ModelLoadException | RuntimeException ex) {
            model.close();
            throw ex;
        }
    }

    private Selected faster(VersionFolder folder, MetadataFile file, ModelCheck check, VersionLoad load)
            throws ModelLoadException {
        ModelArtifact torchScript = folder.artifact(file, ModelFormat.TORCHSCRIPT);
        if (!check.hasGoldenSamples()) {
            return checked(torchScript, check, load,
                    "there is no sample.json by which model.onnx could be compared with model.pt");
        }
        ModelArtifact onnx;
        try {
            onnx = folder.artifact(file, ModelFormat.ONNX);
        }
        catch (ModelLoadException ex) {
            return checked(torchScript, check, load, unusable(folder.id(), ex));
        }
        Optional<EngineMemory.Decision> known = memory.recall(torchScript, onnx);
        if (known.isPresent()) {
            return checked((known.get().format() == ModelFormat.ONNX) ? onnx : torchScript, check, load,
                    known.get().reason());
        }
        Selected reference = checked(torchScript, check, load, "");
        Selected candidate;
        try {
            candidate = checked(onnx, check, new VersionLoad(load.id(), load.fingerprint()), "");
        }
        catch (ModelLoadException | RuntimeException ex) {
            return reference.because(unusable(folder.id(), ex));
        }
        Selected selected = compared(folder.id(), reference, candidate);
        memory.remember(torchScript, onnx, selected.choice().format(), selected.choice().reason());
        return selected;
    }

    private static String unusable(ModelId id, Exception reason) {
        logger.warn("model.onnx of {} is not used: {}", id, reason.getMessage());
        return "model.onnx can't be used: " + reason.getMessage();
    }

    private Selected compared(ModelId id, Selected reference, Selected candidate) {
        boolean isFaster = false;
        String reason;
        try (ModelInstance pyTorch = reference.probe().newInstance();
                ModelInstance onnx = candidate.probe().newInstance()) {
            candidate.probe().compareWith(reference.probe(), pyTorch, onnx);
            Timed torchScript = new Timed(reference.probe(), pyTorch, ModelFormat.TORCHSCRIPT);
            Timed graph = new Timed(candidate.probe(), onnx, ModelFormat.ONNX);
            double single = speedUp(torchScript, graph, 1);
            double full = speedUp(torchScript, graph, maxBatchSize);
            // Neither of the two counts for more than the other.
            isFaster = single * full > 1;
            reason = String.format(Locale.ROOT, "model.onnx agrees with model.pt and runs %.1f times as fast at batch "
                    + "size 1, %.1f times at %d", single, full, maxBatchSize);
        }
        catch (ModelLoadException | RuntimeException ex) {
            reason = unusable(id, ex);
        }
        (isFaster ? reference : candidate).model().close();
        return (isFaster ? candidate : reference).because(reason);
    }

    /** The passes alternate, so that both suffer alike from whatever else runs. */
    private double speedUp(Timed reference, Timed candidate, int batchSize) throws ModelLoadException {
        reference.warmUp(batchSize);
        candidate.warmUp(batchSize);
        List<Long> referenceNanos = new ArrayList<>();
        List<Long> candidateNanos = new ArrayList<>();
        for (int pass = 0; pass < TIMED_PASSES; pass++) {
            referenceNanos.add(time(reference, batchSize));
            candidateNanos.add(time(candidate, batchSize));
        }
        return (double) median(referenceNanos) / Math.max(1, median(candidateNanos));
    }

    private long time(Timed timed, int batchSize) throws ModelLoadException {
        long start = nanoTime.getAsLong();
        timed.probe().run(timed.instance(), batchSize);
        return nanoTime.getAsLong() - start;
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    /** One of two engines whose passes are timed. */
    private record Timed(ModelProbe probe, ModelInstance instance, ModelFormat format) {

        void warmUp(int batchSize) throws ModelLoadException {
            probe.warmUp(instance, format, batchSize, batchSize, () -> {
            });
        }

    }

    /**
     * A model that passed its checks, and why it is this one.
     *
     * @param probe what was found out about it
     * @param choice for the listing
     */
    record Selected(ModelProbe probe, EngineChoice choice) {

        /**
         * {@return the model, to be closed}
         */
        LoadedModel model() {
            return probe.model();
        }

        Selected because(String reason) {
            return new Selected(probe, new EngineChoice(choice.format(), choice.engine(), reason));
        }

    }

}

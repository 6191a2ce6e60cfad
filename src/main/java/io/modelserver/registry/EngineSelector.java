package io.modelserver.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

import io.modelserver.inference.LoadedModel;
import io.modelserver.inference.ModelArtifact;
import io.modelserver.inference.ModelFormat;
import io.modelserver.inference.ModelInstance;
import io.modelserver.inference.ModelLoadException;
import io.modelserver.inference.ModelLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which of a version's model files is served. Where there are both,
 * {@code model.pt} is the reference: it must pass its golden samples. {@code model.onnx}
 * takes its place if it answers the samples alike and is faster; if it can't be used,
 * that is said and the version goes live without it.
 */
final class EngineSelector {

    private static final Logger logger = LoggerFactory.getLogger(EngineSelector.class);

    private static final int TIMED_PASSES = 7;

    private final ModelLoader loader;

    private final EnginePreference preference;

    private final int maxBatchSize;

    private final LongSupplier nanoTime;

    EngineSelector(ModelLoader loader, EnginePreference preference, int maxBatchSize, LongSupplier nanoTime) {
        this.loader = loader;
        this.preference = preference;
        this.maxBatchSize = maxBatchSize;
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
            return checked(folder, file, check, load, only, "there is only " + only.fileName());
        }
        return switch (preference) {
            case PYTORCH ->
                checked(folder, file, check, load, ModelFormat.TORCHSCRIPT, "set by modelserver.inference.engine");
            case ONNXRUNTIME ->
                checked(folder, file, check, load, ModelFormat.ONNX, "set by modelserver.inference.engine");
            case AUTO -> faster(folder, file, check, load);
        };
    }

    private Selected checked(VersionFolder folder, MetadataFile file, ModelCheck check, VersionLoad load,
            ModelFormat format, String reason) throws ModelLoadException {
        ModelArtifact artifact = folder.artifact(file, format);
        load.enter(VersionState.CHECKED);
        LoadedModel model = loader.load(artifact);
        try (ModelInstance instance = model.newInstance()) {
            load.enter(VersionState.LOADED);
            check.verify(instance);
            load.enter(VersionState.VERIFIED);
        }
        catch (ModelLoadException | RuntimeException ex) {
            model.close();
            throw ex;
        }
        return new Selected(model, new EngineChoice(format, model.engine(), reason));
    }

    private Selected faster(VersionFolder folder, MetadataFile file, ModelCheck check, VersionLoad load)
            throws ModelLoadException {
        Selected reference = checked(folder, file, check, load, ModelFormat.TORCHSCRIPT, "");
        if (!check.hasGoldenSamples()) {
            return reference.because("there is no sample.json by which model.onnx could be compared with model.pt");
        }
        Selected candidate;
        try {
            VersionLoad onTrial = new VersionLoad(load.id(), load.fingerprint());
            candidate = checked(folder, file, check, onTrial, ModelFormat.ONNX, "");
        }
        catch (ModelLoadException | RuntimeException ex) {
            logger.warn("model.onnx of {} is not used: {}", folder.id(), ex.getMessage());
            return reference.because("model.onnx can't be used: " + ex.getMessage());
        }
        boolean isFaster = false;
        String reason;
        try (ModelInstance pyTorch = reference.model().newInstance();
                ModelInstance onnx = candidate.model().newInstance()) {
            check.compare(pyTorch, onnx);
            double single = speedUp(check, pyTorch, onnx, 1);
            double full = speedUp(check, pyTorch, onnx, maxBatchSize);
            // Neither of the two counts for more than the other.
            isFaster = single * full > 1;
            reason = String.format(Locale.ROOT, "model.onnx agrees with model.pt and runs %.1f times as fast at batch "
                    + "size 1, %.1f times at %d", single, full, maxBatchSize);
        }
        catch (ModelLoadException | RuntimeException ex) {
            logger.warn("model.onnx of {} is not used: {}", folder.id(), ex.getMessage());
            reason = "model.onnx is not used: " + ex.getMessage();
        }
        (isFaster ? reference : candidate).model().close();
        return (isFaster ? candidate : reference).because(reason);
    }

    /** The passes alternate, so that both suffer alike from whatever else runs. */
    private double speedUp(ModelCheck check, ModelInstance reference, ModelInstance candidate, int batchSize)
            throws ModelLoadException {
        check.warmUp(reference, batchSize, batchSize);
        check.warmUp(candidate, batchSize, batchSize);
        List<Long> referenceNanos = new ArrayList<>();
        List<Long> candidateNanos = new ArrayList<>();
        for (int pass = 0; pass < TIMED_PASSES; pass++) {
            referenceNanos.add(time(check, reference, batchSize));
            candidateNanos.add(time(check, candidate, batchSize));
        }
        return (double) median(referenceNanos) / Math.max(1, median(candidateNanos));
    }

    private long time(ModelCheck check, ModelInstance instance, int batchSize) throws ModelLoadException {
        long start = nanoTime.getAsLong();
        check.run(instance, batchSize);
        return nanoTime.getAsLong() - start;
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    /**
     * A model that passed its golden samples, and why it is this one.
     *
     * @param model to be closed
     * @param choice for the listing
     */
    record Selected(LoadedModel model, EngineChoice choice) {

        Selected because(String reason) {
            return new Selected(model, new EngineChoice(choice.format(), choice.engine(), reason));
        }

    }

}

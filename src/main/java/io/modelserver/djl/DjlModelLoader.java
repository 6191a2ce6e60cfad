package io.modelserver.djl;

import io.modelserver.inference.LoadedModel;
import io.modelserver.inference.ModelArtifact;
import io.modelserver.inference.ModelLoadException;
import io.modelserver.inference.ModelLoader;

/**
 * Loads each model file with the engine of its format; an engine starts with its first
 * file.
 */
public final class DjlModelLoader implements ModelLoader {

    private final ModelLoader pyTorch;

    private final ModelLoader onnx;

    /**
     * Creates a loader of all formats.
     * @param intraOpThreads threads within one operator of one forward pass; 1 unless
     * there are more cores than instances, since instances already keep the cores busy
     */
    public DjlModelLoader(int intraOpThreads) {
        this.pyTorch = new PyTorchModelLoader(intraOpThreads);
        this.onnx = new OnnxModelLoader(intraOpThreads);
    }

    @Override
    public LoadedModel load(ModelArtifact artifact) throws ModelLoadException {
        return switch (artifact.format()) {
            case TORCHSCRIPT -> pyTorch.load(artifact);
            case ONNX -> onnx.load(artifact);
        };
    }

}

package io.modelserver.engine.torch;

import io.modelserver.engine.LoadedModel;
import io.modelserver.engine.ModelArtifact;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.engine.ModelLoader;
import io.modelserver.engine.onnx.OnnxModelLoader;

/** Gives each model file to the engine of its format; an engine starts with its first. */
public final class DjlModelLoader implements ModelLoader {

    private final ModelLoader pyTorch;

    private final ModelLoader onnx;

    /**
     * Makes a loader of all formats.
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

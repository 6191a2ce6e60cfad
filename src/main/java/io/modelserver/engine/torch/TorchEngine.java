package io.modelserver.engine.torch;

import io.modelserver.engine.Engine;
import io.modelserver.engine.ModelArtifact;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.engine.ModelLoader;

/** PyTorch, which runs TorchScript. */
public final class TorchEngine implements Engine {

    private static final String FILE = "model.pt";

    private final ModelLoader loader;

    /**
     * Creates the engine; it starts with its first model.
     * @param intraOpThreads threads within one operator of one forward pass; 1 unless
     * there are more cores than instances, since instances already keep the cores busy
     */
    public TorchEngine(int intraOpThreads) {
        this.loader = new PyTorchModelLoader(intraOpThreads);
    }

    @Override
    public String name() {
        return "pytorch";
    }

    @Override
    public String format() {
        return "TorchScript";
    }

    @Override
    public String fileName() {
        return FILE;
    }

    /** It profiles the first pass at a size and compiles in the second. */
    @Override
    public int warmUpPasses() {
        return 2;
    }

    @Override
    public void check(ModelArtifact artifact) throws ModelLoadException {
        TorchScriptArchive.check(artifact.bytes(), artifact.name());
    }

    @Override
    public ModelLoader loader() {
        return loader;
    }

}

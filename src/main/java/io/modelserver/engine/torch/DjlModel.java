package io.modelserver.engine.torch;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import io.modelserver.engine.LoadedModel;
import io.modelserver.engine.ModelInstance;
import io.modelserver.model.ModelSignature;

/** A model in native memory; its instances share the weights. */
final class DjlModel implements LoadedModel {

    private final Block block;

    private final NDManager manager;

    private final String engine;

    private final ModelSignature signature;

    DjlModel(Block block, NDManager manager, String engine, ModelSignature signature) {
        this.block = block;
        this.manager = manager;
        this.engine = engine;
        this.signature = signature;
    }

    @Override
    public String engine() {
        return engine;
    }

    @Override
    public ModelSignature signature() {
        return signature;
    }

    @Override
    public ModelInstance newInstance() {
        return new DjlInstance(block, manager.newSubManager());
    }

    @Override
    public void close() {
        manager.close();
    }

}

package io.modelserver.djl;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import io.modelserver.inference.LoadedModel;
import io.modelserver.inference.ModelInstance;

/** A model in native memory; its instances share the weights. */
final class DjlModel implements LoadedModel {

    private final Block block;

    private final NDManager manager;

    private final String engine;

    DjlModel(Block block, NDManager manager, String engine) {
        this.block = block;
        this.manager = manager;
        this.engine = engine;
    }

    @Override
    public String engine() {
        return engine;
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

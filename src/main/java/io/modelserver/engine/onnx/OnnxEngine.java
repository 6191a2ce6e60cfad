package io.modelserver.engine.onnx;

import java.io.IOException;
import java.util.List;

import io.modelserver.engine.Engine;
import io.modelserver.engine.ModelLoader;
import io.modelserver.model.ModelSignature;

/** ONNX Runtime, which runs ONNX graphs with their weights in one file. */
public final class OnnxEngine implements Engine {

    private static final int FIRST_FIELD = 0x08;

    private static final int LATEST_FORMAT = 0x40;

    private final ModelLoader loader;

    /**
     * Creates the engine; it starts with its first model.
     * @param intraOpThreads threads within one operator of one forward pass; 1 unless
     * there are more cores than instances, since instances already keep the cores busy
     */
    public OnnxEngine(int intraOpThreads) {
        this.loader = new OnnxModelLoader(intraOpThreads);
    }

    @Override
    public String name() {
        return "onnxruntime";
    }

    @Override
    public String format() {
        return "ONNX";
    }

    @Override
    public String framework() {
        return "onnx";
    }

    @Override
    public String fileName() {
        return "model.onnx";
    }

    @Override
    public int warmUpPasses() {
        return 1;
    }

    /**
     * The version of the format comes first, then the name of the exporter or the graph.
     */
    @Override
    public boolean recognises(byte[] bytes) {
        return bytes.length > 2 && bytes[0] == FIRST_FIELD && bytes[1] > 0 && bytes[1] < LATEST_FORMAT
                && (bytes[2] == 0x12 || bytes[2] == 0x3a || bytes[2] == 0x1a || bytes[2] == 0x42);
    }

    @Override
    public List<ModelSignature.Input> inputs(byte[] file) {
        try {
            return OnnxFile.read(file).inputs().stream().map(OnnxModel::input).toList();
        }
        catch (IOException ex) {
            return List.of();
        }
    }

    @Override
    public ModelLoader loader() {
        return loader;
    }

}

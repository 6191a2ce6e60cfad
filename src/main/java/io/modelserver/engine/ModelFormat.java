package io.modelserver.engine;

/** The kinds of model files, in the order of preference where nothing else decides. */
public enum ModelFormat {

    /**
     * A TorchScript archive: profiles the first pass at a size, compiles in the second.
     */
    TORCHSCRIPT("model.pt", 2),

    /** An ONNX graph with its weights. */
    ONNX("model.onnx", 1);

    private final String fileName;

    private final int warmUpPasses;

    ModelFormat(String fileName, int warmUpPasses) {
        this.fileName = fileName;
        this.warmUpPasses = warmUpPasses;
    }

    /**
     * {@return what such a file is called in a version's folder}
     */
    public String fileName() {
        return fileName;
    }

    /**
     * {@return how many forward passes at a batch size it takes until they are as fast as
     * they will be}
     */
    public int warmUpPasses() {
        return warmUpPasses;
    }

}

package io.modelserver.inference;

/** The kinds of model files, in the order of preference where nothing else decides. */
public enum ModelFormat {

    /** A TorchScript archive. */
    TORCHSCRIPT("model.pt"),

    /** An ONNX graph with its weights. */
    ONNX("model.onnx");

    private final String fileName;

    ModelFormat(String fileName) {
        this.fileName = fileName;
    }

    /**
     * {@return what such a file is called in a version's folder}
     */
    public String fileName() {
        return fileName;
    }

}

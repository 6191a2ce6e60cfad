package io.modelserver.engine;

import java.util.List;

import io.modelserver.model.ModelSignature;

/**
 * What runs one kind of model file. The server knows no engine by itself: all that it
 * looks for in a version's folder, hashes, compares, remembers and tells follows from the
 * list of {@link Engines}.
 */
public interface Engine {

    /**
     * {@return what the setting {@code modelserver.inference.engine} calls it, in
     * lower-case letters and digits, e.g. {@code onnxruntime}}
     */
    String name();

    /**
     * {@return what its files are, in one word, e.g. {@code ONNX}; choices between
     * engines are kept on disk under it, so it never changes}
     */
    String format();

    /**
     * {@return the framework that is listed for versions whose metadata names none}
     */
    default String framework() {
        return name();
    }

    /**
     * {@return what its file is called in a version's folder, e.g. {@code model.onnx}}
     */
    String fileName();

    /**
     * {@return how many forward passes at a batch size it takes until they are as fast as
     * they will be}
     */
    int warmUpPasses();

    /**
     * Looks at a file before it is loaded, for damage that the engine itself would pass
     * over.
     * @param artifact the file, whose checksum is right if one is given
     * @throws ModelLoadException if it must not be loaded
     */
    default void check(ModelArtifact artifact) throws ModelLoadException {
    }

    /**
     * Whether a file is certainly of this engine, whatever its name.
     * @param bytes the whole file
     * @return true only if no other engine could read it
     */
    default boolean recognises(byte[] bytes) {
        return false;
    }

    /**
     * Reads what a file says of its inputs, without loading it.
     * @param file the whole file
     * @return the inputs in the order in which the model takes them; empty if the file
     * does not say, or can't be read, of which its loading tells
     */
    default List<ModelSignature.Input> inputs(byte[] file) {
        return List.of();
    }

    /**
     * {@return what loads its files; the engine itself starts with the first of them}
     */
    ModelLoader loader();

}

package io.modelserver.engine;

import io.modelserver.model.ModelId;
import io.modelserver.model.Sha256;

/**
 * The bytes of a model file, read once: what was checked is what is loaded.
 */
public final class ModelArtifact {

    private final ModelId id;

    private final String name;

    private final byte[] bytes;

    private final String sha256;

    /**
     * Takes the bytes without copying them.
     * @param id the version that the file belongs to
     * @param bytes the whole file
     */
    public ModelArtifact(ModelId id, byte[] bytes) {
        this(id, "the file", bytes);
    }

    /**
     * Takes the bytes of a file that has a name for messages.
     * @param id the version that the file belongs to
     * @param name where it is in the version's folder, e.g. {@code model.onnx}
     * @param bytes the whole file
     */
    public ModelArtifact(ModelId id, String name, byte[] bytes) {
        this.id = id;
        this.name = name;
        this.bytes = bytes;
        this.sha256 = Sha256.hex(bytes);
    }

    /**
     * {@return the version that the file belongs to}
     */
    public ModelId id() {
        return id;
    }

    /**
     * {@return where it is in the version's folder}
     */
    public String name() {
        return name;
    }

    /**
     * {@return the whole file; not to be changed}
     */
    public byte[] bytes() {
        return bytes;
    }

    /**
     * {@return the SHA-256 of the file, in lower-case hexadecimal}
     */
    public String sha256() {
        return sha256;
    }

}

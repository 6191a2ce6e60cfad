package io.modelserver.inference;

/**
 * The bytes of a model file, read once: what was checked is what is loaded.
 */
public final class ModelArtifact {

    private final ModelId id;

    private final ModelFormat format;

    private final byte[] bytes;

    /**
     * Takes the bytes without copying them.
     * @param id the version that the file belongs to
     * @param format what kind of file it is
     * @param bytes the whole file
     */
    public ModelArtifact(ModelId id, ModelFormat format, byte[] bytes) {
        this.id = id;
        this.format = format;
        this.bytes = bytes;
    }

    /**
     * {@return the version that the file belongs to}
     */
    public ModelId id() {
        return id;
    }

    /**
     * {@return what kind of file it is}
     */
    public ModelFormat format() {
        return format;
    }

    /**
     * {@return the whole file; not to be changed}
     */
    public byte[] bytes() {
        return bytes;
    }

}

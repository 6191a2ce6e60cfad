package io.modelserver.model;

/**
 * One version of one model.
 *
 * @param name the model's folder in the registry
 * @param version the version's folder below it
 */
public record ModelId(String name, String version) {

    /**
     * {@return {@code name:version}, as health and the log show it}
     */
    @Override
    public String toString() {
        return name + ":" + version;
    }

}

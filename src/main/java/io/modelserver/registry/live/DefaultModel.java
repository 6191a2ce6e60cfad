package io.modelserver.registry.live;

/**
 * The model of requests that name none.
 *
 * @param name the name of the model, which need not be there
 */
public record DefaultModel(String name) {
}

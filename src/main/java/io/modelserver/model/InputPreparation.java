package io.modelserver.model;

/**
 * What a model takes of what callers send, beyond names and shapes.
 *
 * @param missingAllowed whether values of the features may be missing: the model gets NaN
 * in their place, and knows what to do with it
 */
public record InputPreparation(boolean missingAllowed) {

    /** That of a model whose metadata says nothing of it: every value is there. */
    public static final InputPreparation NONE = new InputPreparation(false);

}

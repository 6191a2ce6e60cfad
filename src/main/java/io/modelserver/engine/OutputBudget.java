package io.modelserver.engine;

import io.modelserver.model.OutputTensor;

/**
 * How much of what a forward pass returns is copied out of the engine. A graph may return
 * hundreds of megabytes of its inner state that nobody asked for, and one copy of that
 * could end the server. So the shape of each output is looked at before its elements are:
 * what can be answered is always copied, what is larger as long as all of it together
 * stays within a limit. For one pass.
 */
public final class OutputBudget {

    /**
     * The most elements per sample that are copied of outputs too large for an answer.
     */
    private static final int MOST_OF_LARGE = 1 << 16;

    private final int batchSize;

    private long left;

    /**
     * Has copied nothing yet.
     * @param batchSize how many samples share the pass
     */
    public OutputBudget(int batchSize) {
        this.batchSize = batchSize;
        this.left = (long) MOST_OF_LARGE * batchSize;
    }

    /**
     * Decides about the next output.
     * @param shape its dimensions
     * @return whether its elements are to be copied
     */
    public boolean covers(long... shape) {
        double elements = 1;
        for (long dimension : shape) {
            elements *= dimension;
        }
        if (elements <= (double) OutputTensor.MOST_ANSWERED * batchSize) {
            return true;
        }
        if (elements > left) {
            return false;
        }
        left -= (long) elements;
        return true;
    }

}

package io.modelserver.head;

import io.modelserver.model.OutputRole;
import io.modelserver.model.OutputTensor;
import io.modelserver.model.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * An output of a pass that is answered, or of which something is answered.
 *
 * @param key what it is called in answers, metadata and golden samples
 * @param role what it means, null if it is passed on by its name
 * @param tensor that of the whole pass
 * @param column the only one that counts, or {@link io.modelserver.model.OutputRef#WHOLE}
 * @param declared whether it has a role or stands in the metadata: if not, it may as well
 * be left out
 */
public record AnsweredOutput(String key, @Nullable OutputRole role, Tensor tensor, int column, boolean declared) {

    /**
     * {@return its elements of one sample}
     * @param sample the place of the sample on the batch axis
     * @param batchSize how many samples shared the pass
     */
    public OutputValues values(int sample, int batchSize) {
        return OutputValues.of(tensor, column, role != null && role != OutputRole.LABEL, sample, batchSize);
    }

    /**
     * {@return whether each sample has a part of it that is not too large for an answer}
     * @param batchSize how many samples shared the pass
     */
    boolean isSharedOut(int batchSize) {
        boolean shared = batchSize == 1 || (tensor.shape().length > 0 && tensor.shape()[0] == batchSize);
        return shared && tensor.size() / batchSize <= OutputTensor.MOST_ANSWERED;
    }

    /**
     * Whether it can be shared out.
     * @param batchSize how many samples shared the pass
     * @param elementsAlone how many elements it has for a sample alone
     * @return whether its first axis is the batch
     */
    public boolean isPerSample(int batchSize, int elementsAlone) {
        return tensor.size() == batchSize * elementsAlone && tensor.shape().length > 0
                && tensor.shape()[0] == batchSize;
    }

}

package io.modelserver.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a model returned for one sample: its share of the tensors of a forward pass, which
 * are shared by all samples of the pass and copied for none.
 */
public final class ModelOutput {

    private final List<OutputTensor> pass;

    private final int sample;

    private final int batchSize;

    private ModelOutput(List<OutputTensor> pass, int sample, int batchSize) {
        this.pass = pass;
        this.sample = sample;
        this.batchSize = batchSize;
    }

    /**
     * Shares a forward pass out.
     * @param pass what the model returned, each tensor with the batch as its first axis;
     * not copied
     * @param batchSize how many samples went in
     * @return one output per sample, in their order
     */
    public static List<ModelOutput> perSample(List<OutputTensor> pass, int batchSize) {
        List<ModelOutput> outputs = new ArrayList<>(batchSize);
        for (int sample = 0; sample < batchSize; sample++) {
            outputs.add(new ModelOutput(pass, sample, batchSize));
        }
        return outputs;
    }

    /**
     * {@return the tensors of the whole pass, of which this sample has the part number
     * {@link #sample}; not to be changed}
     */
    public List<OutputTensor> pass() {
        return pass;
    }

    /**
     * {@return the place of this sample on the batch axis, from 0}
     */
    public int sample() {
        return sample;
    }

    /**
     * {@return how many samples shared the pass}
     */
    public int batchSize() {
        return batchSize;
    }

    /**
     * Whether an output can be shared out. Models that squeeze their outputs drop the
     * batch axis of a batch of one, which is nobody else's.
     * @param position of the output in the pass
     * @return whether its first axis is the batch, or the batch is this sample alone
     */
    public boolean isPerSample(int position) {
        int[] shape = pass.get(position).tensor().shape();
        return batchSize == 1 || (shape.length > 0 && shape[0] == batchSize);
    }

    /**
     * Takes this sample's part out of an output.
     * @param position of the output in the pass
     * @return its elements without the batch axis; of a batch of one they are not copied
     * @throws IllegalArgumentException if the output is not {@link #isPerSample}
     */
    public Tensor tensor(int position) {
        Tensor whole = pass.get(position).tensor();
        int[] shape = whole.shape();
        if (!isPerSample(position)) {
            throw new IllegalArgumentException("the first axis of output %d is not the batch of %d: its shape is %s"
                .formatted(position, batchSize, Arrays.toString(shape)));
        }
        if (shape.length == 0 || shape[0] != batchSize) {
            return whole;
        }
        return whole.part(sample, batchSize);
    }

}

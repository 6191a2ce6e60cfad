package io.modelserver.registry.check;

import io.modelserver.engine.InferenceException;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.ModelId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is said of a model whose forward passes fail or contradict each other. */
final class PassFaults {

    static final String NOT_DETERMINISTIC = "the model is not deterministic: the same input alone got two answers "
            + "(%s); it was saved in training mode, or draws random numbers, or remembers earlier requests: call "
            + "model.eval() before torch.jit.script or torch.jit.trace, and give F.dropout training=self.training";

    static final String DEPENDS_ON_THE_BATCH = "the answer to an input depends on what shares its batch (%s): call "
            + "model.eval() before exporting, and keep the batch as the first axis of every tensor in the model";

    private static final Logger logger = LoggerFactory.getLogger(PassFaults.class);

    private final ModelId id;

    PassFaults(ModelId id) {
        this.id = id;
    }

    ModelLoadException alone(InferenceException ex) {
        logger.warn("{} does not run on a single input", id, ex);
        return new ModelLoadException(
                ("the model does not run on an input of its declared shape: %s; if it takes another shape, correct "
                        + "input_shape in metadata.json")
                    .formatted(ex.getMessage()),
                ex);
    }

    ModelLoadException inBatch(int size, InferenceException ex) {
        logger.warn("{} does not run on a batch of {}", id, size, ex);
        return new ModelLoadException(
                ("the model runs on one input but not on a batch of %d: %s; export it with a free "
                        + "batch axis, and with no shape inside that was taken from the example")
                    .formatted(size, ex.getMessage()),
                ex);
    }

}

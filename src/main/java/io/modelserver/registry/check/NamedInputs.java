package io.modelserver.registry.check;

import java.util.ArrayList;
import java.util.List;

import io.modelserver.engine.InferenceException;
import io.modelserver.engine.ModelInstance;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelSignature;
import io.modelserver.model.OutputTensor;
import io.modelserver.model.Tensor;
import io.modelserver.model.TensorSpec;

/**
 * Feeds the inputs that the metadata declares to those of the model that have their
 * names. A single input needs no name. Arguments of TorchScript that have none of the
 * names are taken in the order of the metadata, as before.
 */
final class NamedInputs {

    /**
     * What an operator should know of a file that {@link #areOneByOne allows no batches}.
     */
    static final String ONE_BY_ONE = "it runs one request at a time, because the batch axis is fixed at 1 in the "
            + "file";

    private final List<Integer> order;

    private NamedInputs(List<Integer> order) {
        this.order = order;
    }

    static NamedInputs match(List<TensorSpec> declared, List<ModelSignature.Input> inputs) throws ModelLoadException {
        List<String> names = declared.stream().map(TensorSpec::name).toList();
        List<String> taken = inputs.stream().map(ModelSignature.Input::name).toList();
        boolean binding = inputs.stream().anyMatch(ModelSignature.Input::namesAreBinding);
        if (binding && names.size() != taken.size()) {
            throw new ModelLoadException(
                    "the model has the inputs %s, but metadata.json declares %s: declare all of them".formatted(taken,
                            names));
        }
        checkDatatypes(declared, inputs);
        if (taken.isEmpty() || names.size() == 1 || (!binding && names.stream().noneMatch(taken::contains))) {
            return new NamedInputs(List.of());
        }
        for (String name : names) {
            if (!taken.contains(name)) {
                throw new ModelLoadException(
                        "the model has no input '%s', it has %s: use these names for 'inputs' in metadata.json"
                            .formatted(name, taken));
            }
        }
        List<Integer> order = taken.stream().filter(names::contains).map(names::indexOf).toList();
        return new NamedInputs(order.equals(sorted(order)) ? List.of() : order);
    }

    private static void checkDatatypes(List<TensorSpec> declared, List<ModelSignature.Input> inputs)
            throws ModelLoadException {
        for (ModelSignature.Input input : inputs) {
            for (TensorSpec spec : declared) {
                boolean same = declared.size() == 1 || spec.name().equals(input.name());
                if (same && input.datatype() != null && input.datatype() != spec.datatype()) {
                    throw new ModelLoadException(
                            ("input '%s' of the model takes %s, but metadata.json declares %s: declare "
                                    + "{\"name\": \"%s\", \"datatype\": \"%s\", \"shape\": %s} in 'inputs'")
                                .formatted(input.name(), input.datatype(), spec.datatype(), spec.name(),
                                        input.datatype(), spec.shape()));
                }
            }
        }
    }

    private static List<Integer> sorted(List<Integer> order) {
        return order.stream().sorted().toList();
    }

    /**
     * {@return the instance, or one that takes inputs in the metadata's order}
     */
    ModelInstance feed(ModelInstance instance) {
        return order.isEmpty() ? instance : new Reordered(instance, order);
    }

    private record Reordered(ModelInstance instance, List<Integer> order) implements ModelInstance {

        @Override
        public List<OutputTensor> forward(List<ModelInput> batch) throws InferenceException {
            List<ModelInput> reordered = new ArrayList<>(batch.size());
            for (ModelInput sample : batch) {
                List<Tensor> tensors = new ArrayList<>(order.size());
                for (int input : order) {
                    tensors.add(sample.tensors().get(input));
                }
                reordered.add(new ModelInput(tensors, sample.symbol()));
            }
            return instance.forward(reordered);
        }

        @Override
        public void close() {
            instance.close();
        }

    }

    /** Such a batch axis is what exporters write of an example of one row. */
    static boolean areOneByOne(List<ModelSignature.Input> inputs) throws ModelLoadException {
        for (ModelSignature.Input input : inputs) {
            if (input.batch() > 1) {
                throw new ModelLoadException(
                        ("the batch axis of input '%s' is fixed at %d in the model file: export it "
                                + "with a free one, e.g. torch.onnx.export(..., dynamic_axes={'%s': {0: 'batch'}})")
                            .formatted(input.name(), input.batch(), input.name()));
            }
        }
        return inputs.stream().anyMatch((input) -> input.batch() == 1);
    }

}

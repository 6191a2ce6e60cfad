package io.modelserver.oip;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import io.modelserver.model.ModelMetadata;
import io.modelserver.model.TensorSpec;
import io.modelserver.oip.tensor.TensorRows;
import io.modelserver.oip.tensor.WireTensor;
import io.modelserver.trading.InvalidFeaturesException;
import org.jspecify.annotations.Nullable;

/** The tensors of a request by name, which all have the same number of rows. */
final class Rows {

    private final Map<String, TensorRows> tensors;

    private final int count;

    private Rows(Map<String, TensorRows> tensors, int count) {
        this.tensors = tensors;
        this.count = count;
    }

    /**
     * Checks the tensors of a request.
     * @param inputs as they came
     * @param most the most rows that are taken
     * @throws InvalidFeaturesException if one can't be read whatever the model, or they
     * do not belong together
     */
    static Rows of(List<WireTensor> inputs, int most) throws InvalidFeaturesException {
        if (inputs.isEmpty()) {
            throw new InvalidFeaturesException("the request has no inputs");
        }
        Map<String, TensorRows> tensors = LinkedHashMap.newLinkedHashMap(inputs.size());
        int count = -1;
        for (WireTensor input : inputs) {
            TensorRows rows = TensorRows.of(input);
            if (tensors.put(input.name(), rows) != null) {
                throw new InvalidFeaturesException("input '%s' is there twice".formatted(input.name()));
            }
            if (count >= 0 && rows.rows() != count) {
                throw new InvalidFeaturesException(
                        "input '%s' has %d rows, input '%s' has %d: the first dimension is the batch, the same for all"
                            .formatted(input.name(), rows.rows(), inputs.getFirst().name(), count));
            }
            count = rows.rows();
        }
        if (count == 0) {
            throw new InvalidFeaturesException("the inputs have no rows: the first dimension, the batch, is 0");
        }
        if (count > most) {
            throw new InvalidFeaturesException(
                    "the inputs have %d rows, at most %d are taken (modelserver.web.max-batch-requests): send them in parts"
                        .formatted(count, most));
        }
        return new Rows(tensors, count);
    }

    int count() {
        return count;
    }

    Map<String, TensorRows> tensors() {
        return tensors;
    }

    /**
     * Finds what a version looks at, and nothing else.
     * @param isTakenByOthers whether an input that this version has not may be sent
     * @return one tensor for each input of the version, in their order
     */
    List<TensorRows> of(ModelMetadata version, Predicate<String> isTakenByOthers) throws InvalidFeaturesException {
        List<String> names = version.inputs().stream().map(TensorSpec::name).toList();
        List<String> missing = names.stream().filter((name) -> !tensors.containsKey(name)).toList();
        List<String> unknown = tensors.keySet()
            .stream()
            .filter((name) -> !names.contains(name) && !isTakenByOthers.test(name))
            .toList();
        if (!missing.isEmpty() || !unknown.isEmpty()) {
            throw new InvalidFeaturesException("%s takes the inputs %s%s%s".formatted(version.id(), names,
                    missing.isEmpty() ? "" : ", the request lacks " + missing,
                    unknown.isEmpty() ? "" : ", and the request has %s besides".formatted(unknown)));
        }
        return names.stream().map(tensors::get).toList();
    }

    @Nullable TensorRows find(String name) {
        return tensors.get(name);
    }

}

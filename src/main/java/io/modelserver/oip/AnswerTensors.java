package io.modelserver.oip;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

import io.modelserver.head.VersionHead;
import io.modelserver.head.VersionHead.ReturnedOutput;
import io.modelserver.model.Datatype;
import io.modelserver.model.ModelOutput;
import io.modelserver.model.Tensor;
import io.modelserver.oip.tensor.AnswerTensor;
import io.modelserver.oip.tensor.Classification;
import io.modelserver.signal.Direction;
import io.modelserver.signal.Signal;
import org.jspecify.annotations.Nullable;

/**
 * Makes the tensors of an answer of what one version said of each row: what the model
 * returned, and what that means, if that is wanted or there is nothing else.
 */
final class AnswerTensors {

    /** Of the outputs that say what others mean. */
    static final String DIRECTION = "direction";

    static final String CONFIDENCE = "confidence";

    static final String EXPECTED_RETURN = "expected_return";

    private static final String CLASSIFICATION = "classification";

    private final List<RowAnswer> rows;

    private final List<RequestedOutput> requested;

    private final boolean signal;

    private final RowAnswer.@Nullable Tensors first;

    private final Map<String, ReturnedOutput> returned = new LinkedHashMap<>();

    private final Map<String, Tensor> meanings;

    /**
     * Takes the answers.
     * @param rows one per row, at least one
     * @param requested the outputs that are asked for; none for all
     * @param signal whether what the outputs mean is wanted in addition to those
     */
    AnswerTensors(List<RowAnswer> rows, List<RequestedOutput> requested, boolean signal) {
        this.rows = rows;
        this.requested = requested;
        this.signal = signal;
        this.first = rows.getFirst().tensors();
        if (first != null) {
            first.head().returned(first.output().pass()).forEach((output) -> returned.put(output.name(), output));
        }
        boolean all = requested.stream().allMatch((output) -> returned.containsKey(output.name()));
        this.meanings = (signal || first == null || !all) ? meanings() : Map.of();
    }

    private Map<String, Tensor> meanings() {
        Map<String, Tensor> meanings = new LinkedHashMap<>();
        add(DIRECTION, Signal::direction, meanings);
        add(CONFIDENCE, Signal::confidence, meanings);
        add(EXPECTED_RETURN, Signal::expectedReturn, meanings);
        return meanings;
    }

    /** What is not known of one row is told of none. */
    private void add(String name, Function<Signal, @Nullable Object> meaning, Map<String, Tensor> meanings) {
        List<Tensor> values = new ArrayList<>(rows.size());
        for (RowAnswer row : rows) {
            Object value = (row.signal() != null) ? meaning.apply(row.signal()) : null;
            switch (value) {
                case null -> {
                    return;
                }
                case Direction direction -> values.add(new Tensor(new int[] { 1 }, new String[] { direction.name() }));
                case Float number -> values.add(new Tensor(new int[] { 1 }, new float[] { number }));
                default -> throw new IllegalStateException();
            }
        }
        meanings.put(name, Tensor.stack(values));
    }

    /**
     * Makes the tensors.
     * @return the tensors, or why there are none
     */
    OipResult<List<AnswerTensor>> tensors() {
        Map<String, AnswerTensor> tensors = new LinkedHashMap<>();
        try {
            for (RequestedOutput output : requested) {
                Tensor tensor = tensor(output);
                if (tensor == null) {
                    return new OipResult.Refused<>(OipStatus.INVALID_ARGUMENT,
                            "there is no output '%s', the outputs are %s".formatted(output.name(), names()));
                }
                tensors.put(output.name(), new AnswerTensor(output.name(), tensor));
            }
            if (requested.isEmpty()) {
                for (ReturnedOutput output : returned.values()) {
                    tensors.put(output.name(), new AnswerTensor(output.name(), joined(output)));
                }
            }
        }
        catch (IllegalArgumentException ex) {
            return new OipResult.Refused<>(OipStatus.INTERNAL, String.valueOf(ex.getMessage()));
        }
        if (signal || requested.isEmpty()) {
            meanings.forEach((name, tensor) -> tensors.put(name, new AnswerTensor(name, tensor)));
        }
        return new OipResult.Done<>(List.copyOf(tensors.values()));
    }

    private List<String> names() {
        List<String> names = new ArrayList<>(returned.keySet());
        meanings.keySet().stream().filter((name) -> !returned.containsKey(name)).forEach(names::add);
        return names;
    }

    private @Nullable Tensor tensor(RequestedOutput requested) {
        ReturnedOutput output = returned.get(requested.name());
        if (output == null) {
            return meanings.get(requested.name());
        }
        Object most = requested.parameters().get(CLASSIFICATION);
        return (most == null) ? joined(output) : classes(output, ((Number) most).intValue());
    }

    private Tensor classes(ReturnedOutput output, int most) {
        VersionHead head = Objects.requireNonNull(first).head();
        List<String> labels = head.columns(first.output().pass(), output.position())
            .stream()
            .map(Direction::name)
            .toList();
        return Tensor.stack(rows.stream()
            .map((row) -> Classification.of(row(row).tensor(output.position()), most, labels))
            .toList());
    }

    /** Rows that were all of a pass, in its order, need not be taken apart. */
    private Tensor joined(ReturnedOutput output) {
        ModelOutput start = row(rows.getFirst());
        Tensor whole = start.pass().get(output.position()).tensor();
        boolean isWhole = rows.size() > 1 && start.batchSize() == rows.size() && start.isPerSample(output.position());
        for (int i = 0; i < rows.size() && isWhole; i++) {
            ModelOutput own = row(rows.get(i));
            isWhole = own.sample() == i && own.pass().get(output.position()).tensor() == whole;
        }
        return isWhole ? whole : Tensor.stack(rows.stream().map((row) -> row(row).tensor(output.position())).toList());
    }

    private static ModelOutput row(RowAnswer row) {
        return Objects.requireNonNull(row.tensors()).output();
    }

    /**
     * Looks for what no answer could satisfy.
     * @param requested those that are asked for
     * @return a sentence, or null if there is nothing
     */
    static @Nullable String problem(List<RequestedOutput> requested) {
        if (requested.stream().map(RequestedOutput::name).distinct().count() < requested.size()) {
            return "an output is asked for twice";
        }
        for (RequestedOutput output : requested) {
            Object most = output.parameters().get(CLASSIFICATION);
            boolean whole = most instanceof Long || most instanceof Integer;
            if (most != null
                    && (!whole || ((Number) most).longValue() < 1 || ((Number) most).longValue() > Integer.MAX_VALUE)) {
                return "outputs.%s.parameters.classification: expected how many classes, from 1 on, got %s"
                    .formatted(output.name(), most);
            }
        }
        return null;
    }

    /**
     * {@return whether outputs are asked for that say what others mean}
     * @param requested those that are asked for
     */
    static boolean askForSignal(List<RequestedOutput> requested) {
        return requested.stream().anyMatch((output) -> output.name().equals(DIRECTION));
    }

    /**
     * {@return what an ensemble answers, which returns nothing of its own}
     */
    static Map<String, Datatype> ofEnsembles() {
        Map<String, Datatype> outputs = new LinkedHashMap<>();
        outputs.put(DIRECTION, Datatype.BYTES);
        outputs.put(CONFIDENCE, Datatype.FP32);
        outputs.put(EXPECTED_RETURN, Datatype.FP32);
        return outputs;
    }

}

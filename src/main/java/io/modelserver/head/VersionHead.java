package io.modelserver.head;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import io.modelserver.model.ModelOutput;
import io.modelserver.model.OutputRef;
import io.modelserver.model.OutputRole;
import io.modelserver.model.OutputSpec;
import io.modelserver.model.OutputTensor;
import io.modelserver.model.Task;
import io.modelserver.model.Tensor;
import io.modelserver.signal.Direction;
import io.modelserver.signal.Signal;
import org.jspecify.annotations.Nullable;

/**
 * The head of a version, which also tells the checks before it goes live what it reads.
 */
public abstract sealed class VersionHead implements Head permits ClassHead, LabelHead, NumbersHead, RawHead {

    /** The most elements of an output that are passed on for one sample. */
    public static final int MOST_ELEMENTS = OutputTensor.MOST_ANSWERED;

    /** Where each output with a role is. */
    final OutputMap map;

    /** Outputs without a role. */
    final Extras extras;

    /** The roles with one number per sample. */
    final NumberRoles numbers;

    private final Set<String> leftOut;

    VersionHead(OutputMap map, Extras extras) {
        this.map = map;
        this.leftOut = map.named(List.of());
        this.extras = extras;
        this.numbers = new NumberRoles(map);
    }

    /**
     * {@return what the model is for}
     */
    public abstract Task task();

    /**
     * {@return the direction that each score of a sample stands for; empty if the model
     * gives none}
     */
    public List<Direction> classes() {
        return List.of();
    }

    @Override
    public final Reading<Signal> read(ModelOutput output) {
        String withheld = withheld(output.pass());
        return (withheld != null) ? new Reading.Unreadable<>(withheld) : readInFull(output);
    }

    /** The same, with the elements of all outputs that are needed. */
    abstract Reading<Signal> readInFull(ModelOutput output);

    /**
     * Describes what is wrong with the shapes of a forward pass.
     * @param outputs what the model returned
     * @param batchSize how many samples went in
     * @return a sentence, or null if every output that is needed is there, has the right
     * size and the batch as its first axis
     */
    public final @Nullable String mismatch(List<OutputTensor> outputs, int batchSize) {
        String withheld = withheld(outputs);
        return (withheld != null) ? withheld : mismatchInFull(outputs, batchSize);
    }

    /** The same, with the elements of all outputs that are needed. */
    abstract @Nullable String mismatchInFull(List<OutputTensor> outputs, int batchSize);

    /** Finds an output that is needed, but was too large to be copied. */
    private @Nullable String withheld(List<OutputTensor> outputs) {
        for (int position = 0; position < outputs.size(); position++) {
            OutputTensor output = outputs.get(position);
            if (output.isWithheld() && isNeeded(outputs, output)) {
                return OutputSentences.withheld(output, position);
            }
        }
        return null;
    }

    /** Whether anything of an answer is made of an output. */
    boolean isNeeded(List<OutputTensor> outputs, OutputTensor output) {
        List<OutputRole> answered = roles(outputs);
        return Arrays.stream(OutputRole.values())
            .filter((role) -> answered.contains(role) || isMapped(role))
            .anyMatch((role) -> output.equals(map.find(outputs, role))) || extras.declares(outputs, output);
    }

    /** The roles that are answered, in the order in which they are checked. */
    abstract List<OutputRole> roles(List<OutputTensor> outputs);

    /**
     * Lists what of a pass is answered.
     * @param outputs what the model returned
     * @return outputs with a role, then those that are passed on
     */
    public List<AnsweredOutput> answered(List<OutputTensor> outputs) {
        List<AnsweredOutput> answered = new ArrayList<>();
        for (OutputRole role : roles(outputs)) {
            AnsweredOutput output = find(outputs, role);
            if (output != null) {
                answered.add(output);
            }
        }
        answered.addAll(extras.answered(outputs));
        return answered;
    }

    /**
     * Lists what of a pass is given to callers who want tensors: what the model names,
     * and of a tuple what has a role or stands in the metadata; not what is so large that
     * it was not copied.
     * @param outputs what the model returned
     * @return in the order of the pass
     */
    public List<ReturnedOutput> returned(List<OutputTensor> outputs) {
        List<AnsweredOutput> answered = Outputs.hasNames(outputs) ? List.of() : answered(outputs);
        List<ReturnedOutput> returned = new ArrayList<>(outputs.size());
        for (int i = 0; i < outputs.size(); i++) {
            OutputTensor output = outputs.get(i);
            String name = (output.name() != null) ? output.name() : nameOf(output, i, answered);
            if (name != null && !leftOut.contains(name) && !output.isWithheld()) {
                returned.add(new ReturnedOutput(name, i));
            }
        }
        return returned;
    }

    private static @Nullable String nameOf(OutputTensor output, int position, List<AnsweredOutput> answered) {
        String name = null;
        for (AnsweredOutput one : answered) {
            if (one.tensor() == output.tensor()) {
                name = (one.column() == OutputRef.WHOLE) ? one.key() : "output_" + position;
            }
        }
        return name;
    }

    /**
     * Names the columns of an output.
     * @param outputs what the model returned
     * @param position of the output
     * @return the direction that each stands for if they are the scores of classes, else
     * none
     */
    public List<Direction> columns(List<OutputTensor> outputs, int position) {
        Tensor tensor = outputs.get(position).tensor();
        boolean scores = !classes().isEmpty() && (isTensorOf(OutputRole.DIRECTION_LOGITS, outputs, tensor)
                || isTensorOf(OutputRole.PROBABILITIES, outputs, tensor));
        return scores ? classes() : List.of();
    }

    private boolean isTensorOf(OutputRole role, List<OutputTensor> outputs, Tensor tensor) {
        OutputTensor output = map.find(outputs, role);
        return output != null && output.tensor() == tensor;
    }

    /**
     * Describes what callers get who want tensors.
     * @param outputs what the model returned for one sample
     * @return in the order of the pass
     */
    public List<OutputSpec> specs(List<OutputTensor> outputs) {
        List<OutputSpec> specs = new ArrayList<>();
        for (ReturnedOutput output : returned(outputs)) {
            Tensor tensor = outputs.get(output.position()).tensor();
            List<Integer> shape = Arrays.stream(tensor.shape()).boxed().toList();
            boolean batched = !shape.isEmpty() && shape.getFirst() == 1;
            specs.add(
                    new OutputSpec(output.name(), tensor.datatype(), batched ? shape.subList(1, shape.size()) : shape));
        }
        return specs;
    }

    /**
     * Finds the output with a role, be it answered or not.
     * @param outputs what the model returned
     * @param role the output that is wanted
     * @return the output, or null if the model has none
     */
    public @Nullable AnsweredOutput find(List<OutputTensor> outputs, OutputRole role) {
        OutputTensor output = map.find(outputs, role);
        return (output != null) ? new AnsweredOutput(role.key(), role, output.tensor(), map.column(role), true) : null;
    }

    /**
     * Compares outputs that say the same in different ways.
     * @param passes over one sample each, {@link #mismatch} has nothing against
     * @return a sentence, or null if they do not contradict each other
     */
    public @Nullable String contradiction(List<List<OutputTensor>> passes) {
        return null;
    }

    /**
     * Finds outputs that nobody asked for and that are too large to be passed on.
     * @param outputs what the model returned
     * @param batchSize how many samples went in
     * @return their names
     */
    public Set<String> oversized(List<OutputTensor> outputs, int batchSize) {
        return extras.oversized(outputs, batchSize);
    }

    /**
     * {@return whether an answer in which this output has NaN or Infinity is none}
     * @param output one that is answered
     */
    public boolean mustBeFinite(AnsweredOutput output) {
        return extras.mustBeFinite(output);
    }

    /**
     * {@return whether the metadata says which output has the role}
     * @param role what is looked for
     */
    public boolean isMapped(OutputRole role) {
        return map.isMapped(role);
    }

    /**
     * {@return what to do where an output was taken for something that nobody said it is;
     * empty if the metadata maps it}
     * @param outputs what the model returned
     * @param role what it was taken for
     */
    public String unmapped(List<OutputTensor> outputs, OutputRole role) {
        return numbers.guess(outputs, role);
    }

    /**
     * {@return where the output is, as {@code metadata.json} would write it: a position,
     * or a name in quotes}
     * @param outputs what the model returned
     * @param role an output that is there
     */
    public String place(List<OutputTensor> outputs, OutputRole role) {
        OutputTensor output = Objects.requireNonNull(map.find(outputs, role));
        return (output.name() != null) ? '"' + output.name() + '"' : Integer.toString(outputs.indexOf(output));
    }

    /**
     * An output of a pass as callers get it who want tensors.
     *
     * @param name as the model names it; of a tuple, by its role or its place
     * @param position in the pass
     */
    public record ReturnedOutput(String name, int position) {
    }

}

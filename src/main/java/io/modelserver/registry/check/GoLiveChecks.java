package io.modelserver.registry.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.modelserver.engine.Engine;
import io.modelserver.engine.InferenceException;
import io.modelserver.engine.LoadedModel;
import io.modelserver.engine.ModelInstance;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.head.Heads;
import io.modelserver.head.VersionHead;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.OutputSpec;
import io.modelserver.model.OutputTensor;
import io.modelserver.registry.metadata.GoldenSample;
import io.modelserver.registry.store.VersionStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One model file in its engine, and what is found out about it before it is served. */
public final class GoLiveChecks {

    private static final Logger logger = LoggerFactory.getLogger(GoLiveChecks.class);

    private final ModelId id;

    private final LoadedModel model;

    private final List<GoldenSample> goldenSamples;

    private final CheckRows rows;

    private final boolean runsOneByOne;

    private final int maxBatchSize;

    private final NamedInputs inputs;

    private final PassFaults faults;

    private final UnaskedOutputs unasked;

    private ModelMetadata metadata;

    private VersionHead head;

    private RowAnswers alone;

    GoLiveChecks(ModelMetadata metadata, LoadedModel model, List<GoldenSample> goldenSamples, CheckRows rows,
            int maxBatchSize) throws ModelLoadException {
        this.id = metadata.id();
        this.faults = new PassFaults(id);
        this.unasked = new UnaskedOutputs(id);
        this.model = Heads.useNames(metadata, model.signature()) ? model : model.withoutFieldNames();
        this.rows = rows;
        this.runsOneByOne = NamedInputs.areOneByOne(this.model.signature().inputs());
        this.maxBatchSize = runsOneByOne ? 1 : maxBatchSize;
        this.inputs = NamedInputs.match(metadata.inputs(), this.model.signature().inputs());
        this.metadata = metadata;
        this.goldenSamples = goldenSamples;
        this.head = head(metadata);
        this.alone = new RowAnswers(head);
    }

    private VersionHead head(ModelMetadata described) throws ModelLoadException {
        try {
            return Heads.of(described, model.signature());
        }
        catch (IllegalArgumentException ex) {
            throw new ModelLoadException(String.valueOf(ex.getMessage()), ex);
        }
    }

    /**
     * {@return the most requests that may go through the model at once}
     */
    public int maxBatchSize() {
        return maxBatchSize;
    }

    /**
     * {@return whether the file allows no batches}
     */
    public boolean runsOneByOne() {
        return runsOneByOne;
    }

    /**
     * {@return sentences on what an operator should know of how the model is run}
     */
    public List<String> notes() {
        List<String> notes = new ArrayList<>(runsOneByOne ? List.of(NamedInputs.ONE_BY_ONE) : List.of());
        notes.addAll(model.notes());
        notes.addAll(unasked.notes(model.signature(), alone.undeclared()));
        return notes;
    }

    /**
     * {@return the model, to be closed}
     */
    public LoadedModel model() {
        return model;
    }

    /**
     * {@return what makes answers of its outputs}
     */
    public VersionHead head() {
        return head;
    }

    /**
     * {@return what is answered; nothing before the answers were checked}
     */
    public List<VersionStatus.OutputStatus> outputs() {
        return alone.statuses();
    }

    /**
     * {@return what callers get who want tensors; likewise}
     */
    public List<OutputSpec> returned() {
        return alone.returned();
    }

    /**
     * {@return an instance that is fed as the metadata declares its inputs, unscaled}
     */
    public ModelInstance newInstance() {
        return ScaledInputs.of(inputs.feed(model.newInstance()), metadata);
    }

    /**
     * Checks the model's answers; to be called once, before all others.
     * @param instance of this model, in the calling thread
     * @throws ModelLoadException if it must not be served; the message says why and how
     * to fix it
     */
    public void verify(ModelInstance instance) throws ModelLoadException {
        answerAlone(instance);
        leaveOutWhatIsNotPerSample(instance);
        if (metadata.missingAllowed()) {
            new MissingValueCheck(head).verify(instance, alone);
        }
        alone.meaning().check();
        askAgain(instance);
        new GoldenCheck(goldenSamples, head).verify(instance);
        if (maxBatchSize > 1) {
            int size = Math.min(alone.count(), maxBatchSize);
            runBatch(instance, IntStream.range(0, size).toArray());
            runBatch(instance, IntStream.range(0, size).map((place) -> size - 1 - place).toArray());
        }
    }

    /** What they say of one row can't be told, or nobody could look at. */
    private void leaveOutWhatIsNotPerSample(ModelInstance instance) throws ModelLoadException {
        if (maxBatchSize > 1 && !alone.undeclared().isEmpty()) {
            int[] batch = IntStream.range(0, Math.min(alone.count(), maxBatchSize)).toArray();
            Set<String> names = (batch.length > 1) ? alone.notPerSample(forward(instance, batch), batch) : Set.of();
            if (!names.isEmpty()) {
                leaveOut(names);
                answerAlone(instance);
            }
        }
    }

    private void leaveOut(Set<String> outputs) throws ModelLoadException {
        if (!outputs.isEmpty()) {
            unasked.leaveOut(outputs);
            metadata = metadata.withoutOutputs(outputs);
            head = head(metadata);
            alone = new RowAnswers(head);
        }
    }

    /**
     * The first passes of an engine may be those in which it still optimizes the model,
     * and round otherwise: only the later ones must be the same to the last digits.
     */
    private void askAgain(ModelInstance instance) throws ModelLoadException {
        List<List<OutputTensor>> again = new ArrayList<>();
        for (int row = alone.count() - 1; row >= 0; row--) {
            int[] batch = { row };
            List<OutputTensor> outputs = forward(instance, batch);
            refuse(PassFaults.NOT_DETERMINISTIC, alone.difference(outputs, batch));
            again.addFirst(outputs);
        }
        for (int row = 0; row < alone.count(); row++) {
            refuse(PassFaults.NOT_DETERMINISTIC,
                    alone.repetition(again.get(row), forward(instance, new int[] { row })));
        }
    }

    /** Rows that are not golden samples may be such that the model can't run on them. */
    private void answerAlone(ModelInstance instance) throws ModelLoadException {
        for (Supplier<List<CheckRows.Row>> attempt : List.<Supplier<List<CheckRows.Row>>>of(rows::rows,
                rows::positiveRows, rows::zeros)) {
            if (alone.count() == 0 || !(alone.meaning().isAnyFinite() || alone.meaning().hasGolden())) {
                answerAlone(instance, attempt.get());
            }
        }
        if (alone.count() == 1) {
            logger.warn("{} was checked on a single input only, because it fails on generated ones: add a sample.json",
                    id);
        }
    }

    private void answerAlone(ModelInstance instance, List<CheckRows.Row> attempt) throws ModelLoadException {
        for (CheckRows.Row row : attempt) {
            try {
                List<OutputTensor> outputs = instance.forward(List.of(row.input()));
                if (alone.count() == 0) {
                    leaveOut(head.oversized(outputs, 1));
                }
                refuse("%s", head.mismatch(outputs, 1));
                alone.add(row, outputs);
            }
            catch (InferenceException ex) {
                if (row.golden()) {
                    throw faults.alone(ex);
                }
                logger.debug("{} does not run on a generated row", id, ex);
            }
        }
    }

    /**
     * Compares two engines by the golden samples.
     * @param reference the checks of the other engine's model
     * @param expected an instance of that model
     * @param actual an instance of this model
     * @throws ModelLoadException if they do not answer alike
     */
    public void compareWith(GoLiveChecks reference, ModelInstance expected, ModelInstance actual)
            throws ModelLoadException {
        new GoldenCheck(goldenSamples, head).compare(new GoldenCheck(reference.goldenSamples, reference.head), expected,
                actual);
    }

    /**
     * Runs every batch size as often as the engine needs it to get warm.
     * @param instance of this model
     * @param engine that runs it
     * @param fromBatchSize the first of them
     * @param toBatchSize the last of them
     * @param afterPass called after each forward pass
     * @throws ModelLoadException if the model answers otherwise than alone
     */
    public void warmUp(ModelInstance instance, Engine engine, int fromBatchSize, int toBatchSize, Runnable afterPass)
            throws ModelLoadException {
        for (int batchSize = fromBatchSize; batchSize <= toBatchSize; batchSize++) {
            for (int pass = 0; pass < engine.warmUpPasses(); pass++) {
                run(instance, batchSize);
                afterPass.run();
            }
        }
    }

    /**
     * Runs one forward pass over different rows, which must get what they got alone.
     * @param instance of this model
     * @param batchSize how many rows
     * @throws ModelLoadException if they do not
     */
    public void run(ModelInstance instance, int batchSize) throws ModelLoadException {
        runBatch(instance, IntStream.range(0, batchSize).map((place) -> place % alone.count()).toArray());
    }

    private void runBatch(ModelInstance instance, int[] batch) throws ModelLoadException {
        List<OutputTensor> outputs = forward(instance, batch);
        refuse("%s", head.mismatch(outputs, batch.length));
        refuse((batch.length == 1) ? PassFaults.NOT_DETERMINISTIC : PassFaults.DEPENDS_ON_THE_BATCH,
                alone.difference(outputs, batch));
    }

    private List<OutputTensor> forward(ModelInstance instance, int[] batch) throws ModelLoadException {
        List<ModelInput> samples = IntStream.of(batch).mapToObj(alone::input).toList();
        try {
            return instance.forward(samples);
        }
        catch (InferenceException ex) {
            throw (batch.length == 1) ? faults.alone(ex) : faults.inBatch(batch.length, ex);
        }
    }

    private static void refuse(String sentence, @Nullable String difference) throws ModelLoadException {
        if (difference != null) {
            throw new ModelLoadException(sentence.formatted(difference));
        }
    }

}

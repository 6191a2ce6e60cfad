package io.modelserver.experiment.conduct;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.assign.Status;
import io.modelserver.experiment.evidence.Evidence;
import io.modelserver.experiment.evidence.TrafficFacts;

/** Keeps experiments and what they observe; shared by all replicas. */
public interface ExperimentStore {

    /**
     * Keeps a new experiment, which is on disk when this returns.
     * @param experiment one that runs
     * @return whether it was kept, and if not, why
     */
    Insertion insert(Experiment experiment);

    /**
     * {@return all experiments, the newest first}
     */
    List<Experiment> all();

    /**
     * {@return those that have not been ended, the oldest first; the time of some may
     * have run out}
     */
    List<Experiment> running();

    /**
     * Looks up an experiment.
     * @param id its id
     * @return the experiment, empty if there is none
     */
    Optional<Experiment> find(String id);

    /**
     * Ends an experiment, unless somebody else already has.
     * @param id its id
     * @param ending how, when and why
     * @return whether it ran until now
     */
    boolean end(String id, Status.Ended ending);

    /**
     * Reads all that was observed, in memory that does not grow with it: in the order in
     * which the requests came, whatever their variants, and of one request first the
     * answer, then the shadows' answers. A shadow's answer to a request whose own row is
     * missing is left out: neither its symbol nor its outcome is known.
     * @param evidence of the experiment; receives the observations
     */
    void read(Evidence evidence);

    /**
     * Counts a model's recent answers; reads no more than its newest 100,000 predictions.
     * @param modelName the model, whatever its version
     * @param since only what was answered then or later
     * @return what is known
     */
    TrafficFacts traffic(String modelName, Instant since);

    /**
     * Keeps the final analysis of an experiment, unless there is one already: of several
     * replicas one wins. It is on disk when this returns.
     * @param id the experiment's
     * @param analysis to be kept
     * @return whether this one was kept
     */
    boolean saveFinalAnalysis(String id, FinalAnalysis analysis);

    /**
     * Looks up the final analysis of an experiment.
     * @param id the experiment's
     * @return the analysis, empty if none was kept yet
     */
    Optional<FinalAnalysis> findFinalAnalysis(String id);

    /**
     * {@return those that have been ended and have no final analysis yet, the oldest
     * first}
     */
    List<Experiment> withoutFinalAnalysis();

    /** The result of an insertion. */
    enum Insertion {

        /** It is kept. */
        DONE,

        /** There is one of that id already, running or ended. */
        ID_TAKEN,

        /** Another experiment runs on the model of its control. */
        MODEL_TAKEN

    }

}

package io.modelserver.experiment;

import java.util.List;
import java.util.Optional;

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
     * Reads all that was observed, in memory that does not grow with it.
     * @param evidence of the experiment; takes the observations in
     */
    void read(Evidence evidence);

    /** What became of an insertion. */
    enum Insertion {

        /** It is kept. */
        DONE,

        /** There is one of that id already, running or ended. */
        ID_TAKEN,

        /** Another experiment runs on the model of its control. */
        MODEL_TAKEN

    }

}

package io.modelserver.experiment.conduct;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import io.modelserver.model.ModelId;

/** What experiments need of the versions that they compare. */
public interface ModelVersions {

    /**
     * Loads and checks versions.
     * @param versions all of an experiment's
     * @return whether they can be compared
     * @throws InterruptedException if the calling thread is interrupted
     */
    Preparation prepare(List<ModelId> versions) throws InterruptedException;

    /**
     * Keeps versions loaded, and loads those that are not.
     * @param versions all that shall be kept; others are not kept any more
     * @throws InterruptedException if the calling thread is interrupted
     */
    void keep(Set<ModelId> versions) throws InterruptedException;

    /**
     * Puts a version into production.
     * @param version the version
     * @param experiment on whose behalf
     * @param reason for the history
     * @return why it could not be done, empty if it is done
     * @throws InterruptedException if the calling thread is interrupted
     */
    Optional<String> promote(ModelId version, String experiment, String reason) throws InterruptedException;

    /** Whether versions can be compared. */
    sealed interface Preparation {

        /** They are loaded and take the same inputs. */
        record Ready() implements Preparation {
        }

        /**
         * One is not there.
         *
         * @param version which
         */
        record Missing(ModelId version) implements Preparation {
        }

        /**
         * One can't serve.
         *
         * @param version which
         * @param reason why
         */
        record Unfit(ModelId version, String reason) implements Preparation {
        }

        /**
         * Two can't be asked the same.
         *
         * @param reason what differs
         */
        record Incomparable(String reason) implements Preparation {
        }

    }

}

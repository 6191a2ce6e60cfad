package io.modelserver.serving;

import java.util.List;
import java.util.Map;

import io.modelserver.head.Head;
import io.modelserver.head.Reading;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelOutput;
import io.modelserver.registry.metadata.Ensemble;

/**
 * Turns what a version returned into the answer; used by any number of threads at once.
 *
 * @param <A> what the answer is
 */
@FunctionalInterface
public interface OutputReader<A> {

    /**
     * Reads an output. A version whose output can't be read has failed: where it is a
     * variant of an experiment, control is asked.
     * @param head of the version that answered
     * @param output what it returned
     * @return the answer, or why it can't be read
     */
    Reading<A> read(Head head, ModelOutput output);

    /**
     * Makes the answer of an ensemble of those of its members.
     * @param ensemble how it comes to its answer
     * @param voices what members said, in the order of the ensemble; as many as it needs
     * @param failed why the others said nothing, by their names
     * @return the answer, or why there is none
     */
    default Reading<A> join(Ensemble ensemble, List<Voice<A>> voices, Map<String, String> failed) {
        return new Reading.Unreadable<>("an ensemble has no outputs of its own: ask its members");
    }

    /**
     * {@return a reader that leaves outputs as they are, for callers who want tensors}
     */
    static OutputReader<ModelOutput> unread() {
        return (head, output) -> new Reading.Read<>(output);
    }

    /**
     * What a member of an ensemble said.
     *
     * @param member which
     * @param version the version that answered
     * @param answer its answer
     * @param <A> what the answer is
     */
    record Voice<A>(Ensemble.Member member, ModelId version, A answer) {
    }

}

package io.modelserver.trading;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.modelserver.consensus.Counting;
import io.modelserver.consensus.MemberScores;
import io.modelserver.consensus.Vote;
import io.modelserver.head.Head;
import io.modelserver.head.Reading;
import io.modelserver.model.ModelOutput;
import io.modelserver.registry.metadata.Ensemble;
import io.modelserver.serving.OutputReader;
import io.modelserver.signal.Signal;

/**
 * Turns what a version returned into a signal, by its head, and the signals of an
 * ensemble's members into one.
 */
public final class SignalReader implements OutputReader<Signal> {

    private final MemberScores scores;

    /** Creates a reader for which all members are equally good. */
    public SignalReader() {
        this(MemberScores.UNKNOWN);
    }

    /**
     * Creates a reader.
     * @param scores how often members of ensembles were right lately
     */
    public SignalReader(MemberScores scores) {
        this.scores = scores;
    }

    @Override
    public Reading<Signal> read(Head head, ModelOutput output) {
        return head.read(output);
    }

    @Override
    public Reading<Signal> join(Ensemble ensemble, List<Voice<Signal>> voices, Map<String, String> failed) {
        List<Vote> votes = new ArrayList<>();
        Map<String, String> silent = new LinkedHashMap<>(failed);
        for (Voice<Signal> voice : voices) {
            Ensemble.Member member = voice.member();
            if (voice.answer().direction() == null) {
                silent.put(member.name(), "it gives no direction, so that it can't vote");
            }
            else {
                votes.add(new Vote(member.name(), voice.version(), member.weight(), voice.answer()));
            }
        }
        return (votes.size() < ensemble.minMembers())
                ? new Reading.Unreadable<>("%d of its members gave a direction, and it needs %d: %s"
                    .formatted(votes.size(), ensemble.minMembers(), silent))
                : new Reading.Read<>(new Counting(ensemble.rules(), scores).of(votes, silent));
    }

}

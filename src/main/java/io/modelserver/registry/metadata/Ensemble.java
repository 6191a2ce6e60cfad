package io.modelserver.registry.metadata;

import java.util.List;

import io.modelserver.consensus.ConsensusRules;
import org.jspecify.annotations.Nullable;

/**
 * What an ensemble consists of, and how it comes to its answer.
 *
 * @param members one at least, each with a name of its own
 * @param rules how their answers become one
 * @param minMembers how many of them must answer, at least 1
 */
public record Ensemble(List<Member> members, ConsensusRules rules, int minMembers) {

    /** Takes a copy of the list. */
    public Ensemble {
        members = List.copyOf(members);
    }

    /**
     * {@return whether it consists of a version as such, whatever stage that is in}
     * @param model the name of the version's model
     * @param version the version
     */
    public boolean pins(String model, String version) {
        return members.stream().anyMatch((member) -> member.model().equals(model) && version.equals(member.version()));
    }

    /**
     * {@return whether a member is what a model has in a stage}
     * @param model the model
     * @param stage production or staging
     */
    public boolean follows(String model, Stage stage) {
        return members.stream().anyMatch((member) -> member.model().equals(model) && stage == member.stage());
    }

    /**
     * A member: a version, or whatever is in a stage.
     *
     * @param name tells it from the others: its model's, and if several are of one model
     * then with its version or stage after a colon
     * @param model the model
     * @param version the version, null if it is the one in a stage
     * @param stage the stage, null if it is an exact version
     * @param weight greater than 0
     */
    public record Member(String name, String model, @Nullable String version, @Nullable Stage stage, double weight) {

        /**
         * {@return the version or stage as requests name it}
         */
        public String address() {
            return (version != null) ? version : String.valueOf((stage != null) ? stage.markerName() : null);
        }

        Member named(String other) {
            return new Member(other, model, version, stage, weight);
        }

    }

}

package io.modelserver.serving;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

import io.modelserver.head.Reading;
import io.modelserver.model.ModelId;
import io.modelserver.registry.metadata.Ensemble;
import io.modelserver.serving.AnswerListener.Looked;
import io.modelserver.serving.OutputReader.Voice;

/**
 * Waits for the members of an ensemble, and has those that answered make one answer.
 * Those that did not are left out as long as enough are left.
 */
final class Gathering {

    private static final String WINDOW_FILLING = "WINDOW_FILLING";

    /**
     * Where too few answered for several reasons, the first of these that occurred is
     * told: what the caller can mend, then what went wrong, then what is not there.
     */
    private static final List<Refusal> FIRST_TOLD = List.of(Refusal.INVALID_FEATURES, Refusal.STALE_STEP,
            Refusal.INFERENCE_FAILED, Refusal.DEADLINE_EXCEEDED, Refusal.OVERLOADED, Refusal.SHUTTING_DOWN);

    private final List<AnswerListener> listeners;

    private final LongSupplier nanoTime;

    Gathering(List<AnswerListener> listeners, LongSupplier nanoTime) {
        this.listeners = List.copyOf(listeners);
        this.nanoTime = nanoTime;
    }

    /** Waits until all have answered or their time is up. They are not released. */
    <A> Gathered<A> gather(Attempt.Together<A> together) throws InterruptedException {
        Round<A> round = new Round<>();
        for (Attempt.Asked<A> asked : together.members()) {
            hear(together, asked, round);
        }
        Ensemble ensemble = together.ensemble();
        if (round.voices.size() < ensemble.minMembers()) {
            return tooFew(together, round);
        }
        return switch (together.query().reader().join(ensemble, round.voices, round.reasons())) {
            case Reading.Read<A> read ->
                new Gathered.Joined<>(read.answer(), round.inputs, round.inputNanos(), round.slowest());
            case Reading.Unreadable<A> unreadable -> new Gathered.Failed<>(Refusal.INFERENCE_FAILED,
                    "%s: %s".formatted(together.lease().metadata().id(), unreadable.reason()), List.of());
        };
    }

    private <A> void hear(Attempt.Together<A> together, Attempt.Asked<A> asked, Round<A> round)
            throws InterruptedException {
        Ensemble.Member member = asked.member();
        switch (asked.attempt()) {
            case Attempt.Ended<A> ended -> {
                switch (ended.reply()) {
                    case Reply.NotYet<A> notYet -> fills(together, member, notYet, round);
                    case Reply.Refused<A> refused -> failed(together, member, refused, round);
                    case Reply.Answered<A> answered ->
                        round.voices.add(new Voice<>(member, answered.version(), answered.answer()));
                }
            }
            case Attempt.InFlight<A> inFlight -> {
                switch (Attempt.Outcome.of(inFlight)) {
                    case Attempt.Outcome.Said<A> said -> said(member, inFlight, said, round);
                    case Attempt.Outcome.Failed<A> failure ->
                        failed(together, member, new Reply.Refused<>(failure.reason(), failure.detail()), round);
                    case Attempt.Outcome.Late<A> late ->
                        failed(together, member, late(inFlight.prepared().passage()), round);
                }
            }
            case Attempt.Together<A> nested -> {
                switch (gather(nested)) {
                    case Gathered.Joined<A> joined -> said(member, nested, joined, round);
                    case Gathered.Filling<A> filling -> fills(together, member, filling.reply(), round);
                    case Gathered.Failed<A> failure -> failed(together, member,
                            new Reply.Refused<>(failure.reason(), failure.detail(), failure.problems(), null), round);
                }
            }
        }
    }

    private <A> void said(Ensemble.Member member, Attempt.InFlight<A> inFlight, Attempt.Outcome.Said<A> said,
            Round<A> round) {
        Prepared<A> prepared = inFlight.prepared();
        ModelId version = inFlight.lease().metadata().id();
        round.voices.add(new Voice<>(member, version, said.answer()));
        round.inputs.add(new Looked(inFlight.lease().metadata(), prepared.input()));
        round.times.add(new Times(prepared.inputNanos(), said.computed().queueNanos(), said.computed().computeNanos()));
        Reply.Answered<A> reply = new Reply.Answered<>(prepared.passage().id(), said.answer(), version,
                nanoTime.getAsLong() - prepared.passage().arrivalNanos(), prepared.inputNanos(),
                said.computed().queueNanos(), said.computed().computeNanos(), null, false);
        for (AnswerListener listener : listeners) {
            listener.answered(reply, prepared.input(), inFlight.lease().metadata());
        }
    }

    private static <A> void said(Ensemble.Member member, Attempt.Together<A> nested, Gathered.Joined<A> joined,
            Round<A> round) {
        round.voices.add(new Voice<>(member, nested.lease().metadata().id(), joined.answer()));
        round.inputs.addAll(joined.inputs());
        round.times.add(new Times(joined.inputNanos(), joined.slowest().queueNanos(), joined.slowest().computeNanos()));
    }

    private <A> void fills(Attempt.Together<A> together, Ensemble.Member member, Reply.NotYet<A> notYet,
            Round<A> round) {
        round.filling.put(member.name(), notYet);
        tell(together, member, WINDOW_FILLING);
    }

    private <A> void failed(Attempt.Together<A> together, Ensemble.Member member, Reply.Refused<A> refused,
            Round<A> round) {
        round.failed.put(member.name(), refused);
        tell(together, member, refused.reason().name());
    }

    private <A> void tell(Attempt.Together<A> together, Ensemble.Member member, String reason) {
        listeners.forEach((listener) -> listener.memberFailed(together.lease().metadata().id(), member.name(), reason));
    }

    private static <A> Reply.Refused<A> late(Passage passage) {
        return new Reply.Refused<>(Refusal.DEADLINE_EXCEEDED, "it did not answer within %d ms"
            .formatted((passage.deadlineNanos() - passage.arrivalNanos()) / 1_000_000));
    }

    /**
     * Windows that are being filled are no failure where they are all that is missing.
     */
    private static <A> Gathered<A> tooFew(Attempt.Together<A> together, Round<A> round) {
        Ensemble ensemble = together.ensemble();
        if (!round.filling.isEmpty() && round.voices.size() + round.filling.size() >= ensemble.minMembers()) {
            return new Gathered.Filling<>(round.filling.values()
                .stream()
                .max(Comparator.comparingInt((Reply.NotYet<A> notYet) -> notYet.need() - notYet.have()))
                .orElseThrow());
        }
        Refusal reason = FIRST_TOLD.stream()
            .filter((refusal) -> round.failed.values().stream().anyMatch((failed) -> failed.reason() == refusal))
            .findFirst()
            .orElse(Refusal.NO_PRODUCTION_MODEL);
        List<FieldProblem> problems = round.failed.values()
            .stream()
            .filter((failed) -> failed.reason() == reason)
            .flatMap((failed) -> failed.problems().stream())
            .distinct()
            .toList();
        List<String> details = new ArrayList<>();
        round.reasons().forEach((member, detail) -> details.add("%s: %s".formatted(member, detail)));
        return new Gathered.Failed<>(reason,
                "%d of the %d members of %s answered, and it needs %d: %s".formatted(round.voices.size(),
                        ensemble.members().size(), together.lease().metadata().id(), ensemble.minMembers(),
                        String.join("; ", details)),
                problems);
    }

    /** What the members of one ensemble said and did not say to one query. */
    private static final class Round<A> {

        private final List<Voice<A>> voices = new ArrayList<>();

        private final Map<String, Reply.NotYet<A>> filling = new LinkedHashMap<>();

        private final Map<String, Reply.Refused<A>> failed = new LinkedHashMap<>();

        private final List<Looked> inputs = new ArrayList<>();

        private final List<Times> times = new ArrayList<>();

        Map<String, String> reasons() {
            Map<String, String> reasons = new LinkedHashMap<>();
            failed.forEach((member, refused) -> reasons.put(member, refused.detail()));
            filling.forEach((member, notYet) -> reasons.put(member,
                    "its window has %d of %d steps".formatted(notYet.have(), notYet.need())));
            return reasons;
        }

        long inputNanos() {
            return times.stream().mapToLong(Times::inputNanos).sum();
        }

        Times slowest() {
            return times.stream()
                .max(Comparator.comparingLong((Times each) -> each.queueNanos() + each.computeNanos()))
                .orElse(new Times(0, 0, 0));
        }

    }

    /**
     * How long a member took.
     *
     * @param inputNanos to make its input
     * @param queueNanos to wait for an instance
     * @param computeNanos for the forward pass
     */
    record Times(long inputNanos, long queueNanos, long computeNanos) {
    }

    /**
     * What became of the question to an ensemble.
     *
     * @param <A> what an answer is
     */
    sealed interface Gathered<A> {

        /**
         * It answers.
         *
         * @param answer what it says
         * @param inputs what its members looked at
         * @param inputNanos to make all of these
         * @param slowest how long the slowest of those members took that answered
         * @param <A> what the answer is
         */
        record Joined<A>(A answer, List<Looked> inputs, long inputNanos, Times slowest) implements Gathered<A> {
        }

        /**
         * It could, once windows are full.
         *
         * @param reply the one that misses most
         * @param <A> what the answer would have been
         */
        record Filling<A>(Reply.NotYet<A> reply) implements Gathered<A> {
        }

        /**
         * Too few answered.
         *
         * @param reason the kind of refusal
         * @param detail a sentence for the caller
         * @param problems the fields that are wrong, where single ones can be named
         * @param <A> what the answer would have been
         */
        record Failed<A>(Refusal reason, String detail, List<FieldProblem> problems) implements Gathered<A> {
        }

    }

}

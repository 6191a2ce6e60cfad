package io.modelserver.serving;

import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

import io.modelserver.batching.PendingResult;
import io.modelserver.batching.Submission;
import io.modelserver.experiment.assign.Assignment;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelMetadata;
import io.modelserver.registry.live.LiveVersions;
import io.modelserver.registry.load.ModelLease;
import org.jspecify.annotations.Nullable;

/**
 * Has the inputs of queries made and submits them to versions. Where a variant can't take
 * one, control gets the same input: the source is not asked again, since a step would
 * count twice in its window.
 */
final class Submitter {

    private final LiveVersions registry;

    private final LongSupplier nanoTime;

    private final FanOut fanOut;

    Submitter(LiveVersions registry, LongSupplier nanoTime) {
        this.registry = registry;
        this.nanoTime = nanoTime;
        this.fanOut = new FanOut(registry.members(), this);
    }

    /**
     * Submits a query.
     * @param lease the version, which is let go of unless the query is in flight
     * @param failedOver whether the version is control and its variant has failed
     */
    <A> Attempt<A> submit(Query<A> query, ModelLease lease, Passage passage, boolean failedOver)
            throws InterruptedException {
        if (lease.ensemble().isPresent()) {
            return fanOut.start(query, lease, passage, failedOver);
        }
        boolean inFlight = false;
        try {
            long start = nanoTime.getAsLong();
            Supply supply = query.source().inputFor(lease.metadata());
            long nanos = nanoTime.getAsLong() - start;
            Attempt<A> attempt = switch (supply) {
                case Supply.Ready(ModelInput input) ->
                    submit(new Prepared<>(query, passage, lease.metadata(), input, nanos), lease, failedOver);
                case Supply.NotYet(int have, int need, String restart) ->
                    new Attempt.Ended<>(new Reply.NotYet<>(have, need, restart));
                case Supply.Unusable(Refusal reason, String detail, List<FieldProblem> problems) ->
                    new Attempt.Ended<>(new Reply.Refused<>(reason, detail, problems, null));
            };
            inFlight = attempt instanceof Attempt.InFlight<A> taken && taken.lease() == lease;
            return attempt;
        }
        finally {
            if (!inFlight) {
                lease.close();
            }
        }
    }

    private <A> Attempt<A> submit(Prepared<A> prepared, ModelLease lease, boolean failedOver)
            throws InterruptedException {
        return switch (lease.batcher().submit(prepared.input(), prepared.passage().deadlineNanos())) {
            case Submission.Accepted(PendingResult pending) ->
                new Attempt.InFlight<>(prepared, lease, pending, failedOver);
            case Submission.Overloaded() ->
                orControl(prepared, failedOver, "too many requests wait for %s".formatted(lease.metadata().id()));
            case Submission.Stuck() -> orControl(prepared, failedOver,
                    "all instances of %s hang in a forward pass".formatted(lease.metadata().id()));
            case Submission.Closed() -> refused(Refusal.SHUTTING_DOWN, "the server is stopping");
        };
    }

    private <A> Attempt<A> orControl(Prepared<A> prepared, boolean failedOver, String detail)
            throws InterruptedException {
        Attempt<A> control = failedOver ? null : submitToControl(prepared);
        return (control != null) ? control : refused(Refusal.OVERLOADED, detail);
    }

    /**
     * Gives control a query on which its variant has failed.
     * @return empty if the variant is control, or control can't take it
     */
    <A> Optional<Attempt<A>> failOver(Attempt.InFlight<A> failed) throws InterruptedException {
        return failed.failedOver() ? Optional.empty() : Optional.ofNullable(submitToControl(failed.prepared()));
    }

    /**
     * Has control asked in the place of an ensemble. What its members looked at need not
     * be all that control looks at, so the source is asked again.
     * @return empty if the variant is control, or control can't take it
     */
    <A> Optional<Attempt<A>> failOver(Attempt.Together<A> failed) throws InterruptedException {
        Optional<ModelLease> control = failed.failedOver() ? Optional.empty() : control(failed.passage());
        if (control.isEmpty()) {
            return Optional.empty();
        }
        Attempt<A> attempt = submit(failed.query(), control.get(), failed.passage(), true);
        return (attempt instanceof Attempt.Ended<A>) ? Optional.empty() : Optional.of(attempt);
    }

    private Optional<ModelLease> control(Passage passage) {
        Assignment assignment = passage.assignment();
        return (assignment == null || assignment.isControl()) ? Optional.empty()
                : registry.lease(assignment.experiment().control().model());
    }

    private <A> @Nullable Attempt<A> submitToControl(Prepared<A> prepared) throws InterruptedException {
        Optional<ModelLease> control = control(prepared.passage());
        if (control.isEmpty()) {
            return null;
        }
        ModelLease lease = control.get();
        if (lease.ensemble().isPresent()) {
            return fanOut.start(prepared.query(), lease, prepared.passage(), true);
        }
        if (lease.metadata().takesTheSameAs(prepared.preparedFor())
                && submit(prepared, lease, true) instanceof Attempt.InFlight<A> attempt) {
            return attempt;
        }
        lease.close();
        return null;
    }

    /**
     * {@return what a version looks at, or what the members of an ensemble look at}
     * @param lease the version, which is not let go of
     */
    List<ModelMetadata> lookers(ModelLease lease) throws InterruptedException {
        return lease.ensemble().isPresent() ? fanOut.lookers(lease) : List.of(lease.metadata());
    }

    static <A> Attempt<A> refused(Refusal reason, String detail) {
        return new Attempt.Ended<>(new Reply.Refused<>(reason, detail));
    }

}

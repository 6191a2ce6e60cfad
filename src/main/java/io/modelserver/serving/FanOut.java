package io.modelserver.serving;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import io.modelserver.model.ModelId;
import io.modelserver.model.ModelMetadata;
import io.modelserver.registry.load.EnsemblePreparation.Members;
import io.modelserver.registry.load.EnsemblePreparation.Sought;
import io.modelserver.registry.load.ModelLease;
import io.modelserver.registry.metadata.Ensemble;

/**
 * Asks the members of an ensemble, all at the same time. They get a little less time than
 * the query has, so that those that came in time can be told in time.
 */
final class FanOut {

    /** The part of a query's time that is kept back. */
    private static final int RESERVE = 20;

    private static final long LEAST_RESERVE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Members members;

    private final Submitter submitter;

    FanOut(Members members, Submitter submitter) {
        this.members = members;
        this.submitter = submitter;
    }

    /**
     * Asks them.
     * @param lease the ensemble, which is let go of by the attempt
     */
    <A> Attempt<A> start(Query<A> query, ModelLease lease, Passage passage, boolean failedOver)
            throws InterruptedException {
        return start(query, lease, passage, failedOver, Set.of());
    }

    private <A> Attempt<A> start(Query<A> query, ModelLease lease, Passage passage, boolean failedOver,
            Set<ModelId> above) throws InterruptedException {
        Ensemble ensemble = lease.ensemble().orElseThrow();
        Set<ModelId> path = new HashSet<>(above);
        path.add(lease.metadata().id());
        List<Attempt.Asked<A>> asked = new ArrayList<>();
        Attempt.Together<A> together = new Attempt.Together<>(query, passage, lease, ensemble, asked, failedOver);
        Passage shorter = shortened(passage);
        List<Sought> sought = new ArrayList<>();
        boolean started = false;
        try {
            for (Ensemble.Member member : ensemble.members()) {
                sought.add(members.find(member));
            }
            if (above.isEmpty()) {
                query.source().askedByMembers(takenBy(lease, sought));
            }
            for (Ensemble.Member member : ensemble.members()) {
                asked.add(new Attempt.Asked<>(member, ask(query, sought.get(asked.size()), shorter, path)));
            }
            started = true;
            return together;
        }
        finally {
            if (!started) {
                together.release();
                sought.stream().skip(asked.size()).forEach(FanOut::letGo);
            }
        }
    }

    private static void letGo(Sought sought) {
        if (sought instanceof Sought.Found(ModelLease lease)) {
            lease.close();
        }
    }

    /** Nobody knows what a member looks at that is missing. */
    private static Predicate<String> takenBy(ModelLease ensemble, List<Sought> sought) {
        Set<String> names = new HashSet<>();
        ensemble.metadata().inputs().forEach((input) -> names.add(input.name()));
        for (Sought member : sought) {
            switch (member) {
                case Sought.Found(ModelLease lease) ->
                    lease.metadata().inputs().forEach((input) -> names.add(input.name()));
                case Sought.Missing missing -> {
                    return (name) -> true;
                }
            }
        }
        return names::contains;
    }

    private <A> Attempt<A> ask(Query<A> query, Sought sought, Passage passage, Set<ModelId> path)
            throws InterruptedException {
        return switch (sought) {
            case Sought.Missing(String reason) -> Submitter.refused(Refusal.NO_PRODUCTION_MODEL, reason);
            case Sought.Found(ModelLease lease) -> {
                if (lease.ensemble().isEmpty()) {
                    yield submitter.submit(query, lease, passage, false);
                }
                if (!path.contains(lease.metadata().id())) {
                    yield start(query, lease, passage, false, path);
                }
                lease.close();
                yield Submitter.refused(Refusal.NO_PRODUCTION_MODEL, "it would be a member of itself");
            }
        };
    }

    /** Those of members that can't answer are left out. */
    List<ModelMetadata> lookers(ModelLease lease) throws InterruptedException {
        List<ModelMetadata> lookers = new ArrayList<>();
        append(lease, lookers, new HashSet<>());
        return lookers;
    }

    private void append(ModelLease lease, List<ModelMetadata> lookers, Set<ModelId> seen) throws InterruptedException {
        if (!seen.add(lease.metadata().id())) {
            return;
        }
        if (lease.ensemble().isEmpty()) {
            lookers.add(lease.metadata());
            return;
        }
        for (Ensemble.Member member : lease.ensemble().get().members()) {
            if (members.find(member) instanceof Sought.Found(ModelLease found)) {
                try (found) {
                    append(found, lookers, seen);
                }
            }
        }
    }

    private static Passage shortened(Passage passage) {
        long time = passage.deadlineNanos() - passage.arrivalNanos();
        long reserve = Math.max(LEAST_RESERVE_NANOS, time / RESERVE);
        return new Passage(passage.id(), null, passage.arrivalNanos(), passage.deadlineNanos() - reserve, false);
    }

}

package io.modelserver.registry.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.modelserver.batching.BatchResult;
import io.modelserver.batching.PendingResult;
import io.modelserver.batching.Submission;
import io.modelserver.consensus.Counting;
import io.modelserver.consensus.MemberScores;
import io.modelserver.consensus.Vote;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.head.Reading;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.Tensor;
import io.modelserver.model.TensorSpec;
import io.modelserver.registry.metadata.Ensemble;
import io.modelserver.registry.metadata.GoldenSample;
import io.modelserver.signal.Signal;
import org.jspecify.annotations.Nullable;

/** Whether an ensemble answers its golden samples as they say, by asking its members. */
final class EnsembleGolden {

    private static final double TOLERANCE = 1e-4;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Ensemble ensemble;

    private final ModelMetadata metadata;

    private final EnsemblePreparation.Members members;

    private final LongSupplier nanoTime;

    EnsembleGolden(Ensemble ensemble, ModelMetadata metadata, EnsemblePreparation.Members members,
            LongSupplier nanoTime) {
        this.ensemble = ensemble;
        this.metadata = metadata;
        this.members = members;
        this.nanoTime = nanoTime;
    }

    /**
     * Asks the members.
     * @param samples of the ensemble
     * @param leases its members by name, all of them
     * @return what differs, null if nothing does
     * @throws ModelLoadException if a member does not answer
     */
    @Nullable String difference(List<GoldenSample> samples, Map<String, ModelLease> leases)
            throws ModelLoadException, InterruptedException {
        for (GoldenSample sample : samples) {
            if (!sample.outputs().isEmpty()) {
                throw new ModelLoadException("sample.json: an ensemble returns no tensors, so 'outputs' can't be "
                        + "compared: say in 'prediction' what it must answer");
            }
            Signal answered = answer(ensemble, leases, sample.input());
            String difference = (sample.prediction() != null) ? sample.prediction().difference(answered, TOLERANCE)
                    : null;
            if (difference != null) {
                return difference;
            }
        }
        return null;
    }

    private Signal answer(Ensemble of, Map<String, ModelLease> leases, ModelInput input)
            throws ModelLoadException, InterruptedException {
        List<Vote> votes = new ArrayList<>();
        for (Ensemble.Member member : of.members()) {
            ModelLease lease = leases.get(member.name());
            if (lease != null) {
                Signal signal = lease.ensemble().isPresent() ? answer(lease.ensemble().get(), input)
                        : answer(member, lease, input);
                if (signal.direction() == null) {
                    throw failed(member, "it gives no direction, so that it can't vote");
                }
                votes.add(new Vote(member.name(), lease.metadata().id(), member.weight(), signal));
            }
        }
        return new Counting(of.rules(), MemberScores.UNKNOWN).of(votes, Map.of());
    }

    private Signal answer(Ensemble nested, ModelInput input) throws ModelLoadException, InterruptedException {
        Map<String, ModelLease> leases = new LinkedHashMap<>();
        try {
            for (Ensemble.Member member : nested.members()) {
                switch (members.find(member)) {
                    case EnsemblePreparation.Sought.Found(ModelLease lease) -> leases.put(member.name(), lease);
                    case EnsemblePreparation.Sought.Missing(String reason) -> throw failed(member, reason);
                }
            }
            return answer(nested, leases, input);
        }
        finally {
            leases.values().forEach(ModelLease::close);
        }
    }

    private Signal answer(Ensemble.Member member, ModelLease lease, ModelInput input)
            throws ModelLoadException, InterruptedException {
        ModelInput own = input(member, lease.metadata(), input);
        if (!(lease.batcher()
            .submit(own,
                    nanoTime.getAsLong() + PATIENCE_NANOS) instanceof Submission.Accepted(PendingResult pending))) {
            throw failed(member, "too many requests wait for it");
        }
        return switch (pending.await()) {
            case BatchResult.Computed computed -> switch (lease.head().read(computed.output())) {
                case Reading.Read(Signal signal) -> signal;
                case Reading.Unreadable(String reason) -> throw failed(member, reason);
            };
            case BatchResult.Failed failure -> throw failed(member, failure.reason());
            case BatchResult.Expired() -> throw failed(member, "it did not answer in time");
            case BatchResult.Stuck stuck -> throw failed(member, "its forward pass was given up");
        };
    }

    /** By name; what a model calls its first input is its own affair. */
    private ModelInput input(Ensemble.Member member, ModelMetadata wanted, ModelInput input) throws ModelLoadException {
        List<Tensor> tensors = new ArrayList<>();
        for (TensorSpec spec : wanted.inputs()) {
            int place = metadata.inputs().stream().map(TensorSpec::name).toList().indexOf(spec.name());
            int found = (place < 0 && tensors.isEmpty()) ? 0 : place;
            if (found < 0 || !spec.accepts(input.tensors().get(found).shape())) {
                throw failed(member,
                        "it takes an input '%s' of %s, which the sample has not".formatted(spec.name(), spec.shape()));
            }
            tensors.add(input.tensors().get(found));
        }
        return new ModelInput(tensors, input.symbol());
    }

    private static ModelLoadException failed(Ensemble.Member member, String reason) {
        return new ModelLoadException("the golden sample failed: %s: %s".formatted(member.name(), reason));
    }

}

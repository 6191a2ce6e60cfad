package io.modelserver.ledger;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;

import io.modelserver.consensus.Strategy;
import io.modelserver.experiment.assign.Assignment;
import io.modelserver.ledger.LedgerProperties.Recording;
import io.modelserver.ledger.store.LedgerEntry;
import io.modelserver.model.ModelId;
import io.modelserver.registry.stage.StageListener;
import io.modelserver.registry.store.StageChange;
import io.modelserver.serving.ShadowListener;
import io.modelserver.signal.Consensus;
import io.modelserver.signal.Direction;
import io.modelserver.signal.Signal;
import io.modelserver.trading.PredictionListener;
import io.modelserver.trading.PredictionResult;
import org.jspecify.annotations.Nullable;

/** Writes down in the ledger what the core reports. */
final class LedgerRecorder implements PredictionListener, ShadowListener<Signal>, StageListener {

    private final LedgerWriter writer;

    private final Recording recording;

    private final Consumer<UndatedCause> whenUndated;

    private final Clock clock;

    private volatile boolean started;

    LedgerRecorder(LedgerWriter writer, Recording recording, Consumer<UndatedCause> whenUndated, Clock clock) {
        this.writer = writer;
        this.recording = recording;
        this.whenUndated = whenUndated;
        this.clock = clock;
    }

    /** Predictions count from now on; those before are the server's own. */
    void start() {
        started = true;
    }

    @Override
    public void ended(PredictionResult result) {
        if (!started || recording == Recording.NONE) {
            return;
        }
        switch (result) {
            case PredictionResult.Predicted predicted -> {
                if (predicted.assignment() != null || recording == Recording.ALL || learns(predicted)) {
                    writer.add(entry(predicted));
                }
            }
            case PredictionResult.Refused refused -> {
                if (refused.failure() != null) {
                    writer.add(entry(refused.symbol(), refused.failure()));
                }
            }
            case PredictionResult.WindowFilling filling -> {
            }
        }
    }

    /** What weighs its members by what they said before needs that, whoever asked. */
    private static boolean learns(PredictionResult.Predicted predicted) {
        Consensus consensus = predicted.prediction().consensus();
        return consensus != null && consensus.strategy().equals(Strategy.ADAPTIVE.key());
    }

    private LedgerEntry entry(PredictionResult.Predicted predicted) {
        Assignment assignment = predicted.assignment();
        Instant now = clock.instant();
        return new LedgerEntry.Prediction(UUID.fromString(predicted.predictionId()), now,
                eventTime(predicted.eventMillis(), now), predicted.symbol(), predicted.model(),
                (assignment != null) ? arm(assignment) : null, predicted.failedOver(), answer(predicted.prediction()),
                predicted.latencyNanos());
    }

    private LedgerEntry entry(String symbol, PredictionResult.VariantFailure failure) {
        Instant now = clock.instant();
        return new LedgerEntry.Prediction(UUID.fromString(failure.id()), now, eventTime(failure.eventMillis(), now),
                symbol, failure.assignment().variant().model(), arm(failure.assignment()), true, null,
                failure.latencyNanos());
    }

    private @Nullable Instant eventTime(OptionalLong millis, Instant now) {
        Instant time = EventTime.of(millis, now);
        if (time == null && millis.isPresent()) {
            whenUndated.accept(UndatedCause.of(millis.getAsLong(), now));
        }
        return time;
    }

    @Override
    public void shadowed(ShadowAnswer<Signal> copy) {
        if (!started || recording == Recording.NONE) {
            return;
        }
        Signal prediction = copy.answer();
        writer.add(new LedgerEntry.Shadow(UUID.fromString(copy.predictionId()),
                new LedgerEntry.Arm(copy.assignment().experiment().id(), copy.shadow().name(),
                        copy.assignment().unit()),
                (prediction != null) ? answer(prediction) : null, copy.latencyNanos()));
    }

    @Override
    public void stageChanged(String model, StageChange change) {
        writer.add(new LedgerEntry.Stage(change.at(), new ModelId(model, change.version()), change.action().name(),
                change.from().name(), change.to().name(), change.author().who(), change.author().why()));
    }

    private static LedgerEntry.Arm arm(Assignment assignment) {
        return new LedgerEntry.Arm(assignment.experiment().id(), assignment.variant().name(), assignment.unit());
    }

    private static LedgerEntry.Answer answer(Signal prediction) {
        return new LedgerEntry.Answer(prediction.direction(), prediction.confidence(), prediction.expectedReturn(),
                prediction.outputs(), members(prediction.consensus()));
    }

    private static List<LedgerEntry.MemberAdvice> members(@Nullable Consensus consensus) {
        List<LedgerEntry.MemberAdvice> members = new ArrayList<>();
        if (consensus != null) {
            consensus.answers().values().forEach((answer) -> {
                Direction direction = answer.signal().direction();
                if (direction != null) {
                    members.add(new LedgerEntry.MemberAdvice(answer.version(), direction));
                }
            });
        }
        return members;
    }

}

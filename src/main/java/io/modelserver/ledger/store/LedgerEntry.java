package io.modelserver.ledger.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.modelserver.model.ModelId;
import io.modelserver.model.Tensor;
import io.modelserver.signal.Direction;
import org.jspecify.annotations.Nullable;

/** What is written behind the answers. */
public sealed interface LedgerEntry {

    /**
     * A prediction, or the failure of a variant.
     *
     * @param id the prediction's
     * @param madeAt when it was answered
     * @param eventTime when the market was as the request describes it, null if the
     * request does not tell: then it is when it came, which the id tells
     * @param symbol the instrument
     * @param model the version that answered, or failed
     * @param arm the variant that it was assigned to, null outside experiments
     * @param failed whether that variant failed
     * @param answer what was answered, null if nothing was
     * @param latencyNanos how long it took
     */
    record Prediction(UUID id, Instant madeAt, @Nullable Instant eventTime, String symbol, ModelId model,
            @Nullable Arm arm, boolean failed, @Nullable Answer answer, long latencyNanos) implements LedgerEntry {
    }

    /**
     * A shadow's answer to a copy of a request.
     *
     * @param predictionId the answer that the bot got
     * @param arm the shadow
     * @param answer its answer, null if it failed
     * @param latencyNanos how long the answer would have taken with it
     */
    record Shadow(UUID predictionId, Arm arm, @Nullable Answer answer, long latencyNanos) implements LedgerEntry {
    }

    /**
     * A change of a version's stage.
     *
     * @param at when
     * @param model the version
     * @param action what was done
     * @param from the stage that it was in
     * @param to the stage that it is in now
     * @param author who did it
     * @param reason why, null if not given
     */
    record Stage(Instant at, ModelId model, String action, String from, String to, String author,
            @Nullable String reason) implements LedgerEntry {
    }

    /**
     * A variant and the unit that was assigned to it.
     *
     * @param experimentId the experiment
     * @param variant its name
     * @param unit what it was assigned by
     */
    record Arm(String experimentId, String variant, String unit) {
    }

    /**
     * A model's answer.
     *
     * @param direction what it advised, null if it gives none
     * @param confidence how sure it was, null if it does not tell
     * @param expectedReturn as a fraction, null if it gives none
     * @param outputs what else it returned, by name
     * @param members what its members advised if it is an ensemble, else none
     */
    record Answer(@Nullable Direction direction, @Nullable Float confidence, @Nullable Float expectedReturn,
            Map<String, Tensor> outputs, List<MemberAdvice> members) {

        /**
         * Creates the answer of a single model.
         * @param direction what it advised, or null
         * @param confidence how sure it was, or null
         * @param expectedReturn as a fraction, or null
         * @param outputs what else it returned, by name
         */
        public Answer(@Nullable Direction direction, @Nullable Float confidence, @Nullable Float expectedReturn,
                Map<String, Tensor> outputs) {
            this(direction, confidence, expectedReturn, outputs, List.of());
        }

    }

    /**
     * What a member of an ensemble advised.
     *
     * @param version the version that answered
     * @param direction its advice
     */
    record MemberAdvice(ModelId version, Direction direction) {
    }

}

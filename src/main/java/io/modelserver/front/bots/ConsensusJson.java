package io.modelserver.front.bots;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.modelserver.signal.Consensus;
import io.modelserver.signal.Direction;
import io.modelserver.signal.MemberAnswer;
import io.modelserver.signal.Probabilities;
import io.modelserver.signal.Signal;
import org.jspecify.annotations.Nullable;

/**
 * How the members of an ensemble came to their answer; there only where an ensemble
 * answered, {@code models_failed} only where members did not answer.
 */
record ConsensusJson(@Nullable Double metaConfidence,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double agreementRatio,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String consensusType,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean shouldTrade,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String strategyUsed,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> modelsUsed,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, MemberJson> modelPredictions,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> modelsFailed) {

    static @Nullable ConsensusJson of(@Nullable Consensus consensus) {
        if (consensus == null) {
            return null;
        }
        Map<String, MemberJson> predictions = new LinkedHashMap<>();
        consensus.answers().forEach((name, answer) -> predictions.put(name, MemberJson.of(answer)));
        return new ConsensusJson(consensus.metaConfidence(), consensus.agreementRatio(), consensus.type().key(),
                consensus.shouldTrade(), consensus.strategy(), List.copyOf(predictions.keySet()), predictions,
                consensus.failed());
    }

    /** What a member said, and which version of it. */
    record MemberJson(@Nullable Direction direction, @Nullable Float confidence, @Nullable Float expectedReturn,
            PredictionJson.@Nullable ProbabilitiesJson probabilities, String modelVersion) {

        static MemberJson of(MemberAnswer answer) {
            Signal signal = answer.signal();
            Probabilities probabilities = signal.probabilities();
            return new MemberJson(signal.direction(), signal.confidence(), signal.expectedReturn(),
                    (probabilities != null) ? PredictionJson.ProbabilitiesJson.of(probabilities) : null,
                    answer.version().version());
        }

    }

}

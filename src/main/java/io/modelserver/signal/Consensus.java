package io.modelserver.signal;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * How the members of an ensemble came to their answer.
 *
 * @param metaConfidence the confidence of the answer times {@code agreementRatio}, null
 * if no member tells how sure it is
 * @param agreementRatio from 0 to 1, see the strategies
 * @param type what kind of consensus it is
 * @param shouldTrade whether the strategy finds the answer good enough to act on
 * @param strategy the name of the strategy
 * @param answers what the members said, by their names, in the order of the ensemble
 * @param failed why the others said nothing, by their names, in the order of the ensemble
 */
public record Consensus(@Nullable Double metaConfidence, double agreementRatio, ConsensusType type, boolean shouldTrade,
        String strategy, Map<String, MemberAnswer> answers, Map<String, String> failed) {

    /** Takes copies of the maps. */
    public Consensus {
        answers = Collections.unmodifiableMap(new LinkedHashMap<>(answers));
        failed = Collections.unmodifiableMap(new LinkedHashMap<>(failed));
    }

}

package io.modelserver.ledger;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.modelserver.consensus.ConsensusRules;
import io.modelserver.consensus.MemberScores;
import io.modelserver.ledger.store.LedgerDatabase;
import io.modelserver.ledger.store.LedgerUnavailableException;
import io.modelserver.ledger.store.PredictionIds;
import io.modelserver.model.ModelId;

/**
 * How often members of ensembles were right, by the outcomes of the predictions that they
 * took part in. Answers use what was counted last; {@link #refresh} counts again for
 * those versions that answers have asked about lately.
 */
final class MemberAccuracy implements MemberScores {

    /** Nobody has asked about a version for so long: then it is forgotten. */
    private static final Duration FORGOTTEN_AFTER = Duration.ofHours(1);

    private static final String OUTCOMES = """
            select count(*), coalesce(sum(case when (m.direction = 'HOLD' and abs(p.actual_return) <= ?)
                or (m.direction = 'BUY' and p.actual_return > ?) or (m.direction = 'SELL' and p.actual_return < ?)
                then 1 else 0 end), 0)
            from member_prediction m join prediction p on p.id = m.prediction_id
            where m.prediction_id >= ? and m.model_name = ? and m.model_version = ? and p.actual_return is not null""";

    private final LedgerDatabase database;

    private final double neutralBand;

    private final Clock clock;

    private final Map<Question, Score> scores = new ConcurrentHashMap<>();

    /**
     * Knows nothing yet.
     * @param database the ledger's
     * @param neutralBand a return within this of 0, as a fraction, does not count as a
     * move
     * @param clock tells how far back is recent
     */
    MemberAccuracy(LedgerDatabase database, double neutralBand, Clock clock) {
        this.database = database;
        this.neutralBand = neutralBand;
        this.clock = clock;
    }

    @Override
    public double of(ModelId version, ConsensusRules rules) {
        Question question = new Question(version, rules.performanceWindow());
        Score score = scores.computeIfAbsent(question, (unknown) -> new Score());
        score.askedAt = clock.instant();
        Counted counted = score.counted;
        return (counted.outcomes < rules.minOutcomes()) ? 1 : (double) counted.right / counted.outcomes;
    }

    /**
     * Counts again; to be called regularly.
     * @throws LedgerUnavailableException if the database fails
     */
    void refresh() {
        Instant now = clock.instant();
        scores.values().removeIf((score) -> score.askedAt.isBefore(now.minus(FORGOTTEN_AFTER)));
        scores.forEach((question, score) -> score.counted = count(question, now));
    }

    private Counted count(Question question, Instant now) {
        return database.inTransaction((jdbc) -> {
            List<Counted> counted = jdbc.query(OUTCOMES, (row, number) -> new Counted(row.getLong(1), row.getLong(2)),
                    neutralBand, neutralBand, -neutralBand, PredictionIds.firstAt(now.minus(question.window())),
                    question.version().name(), question.version().version());
            return counted.getFirst();
        });
    }

    /**
     * What answers want to know.
     *
     * @param version of which version
     * @param window how far back predictions count
     */
    private record Question(ModelId version, Duration window) {
    }

    /** What was found out last, and when somebody wanted to know. */
    private static final class Score {

        private volatile Counted counted = new Counted(0, 0);

        private volatile Instant askedAt = Instant.MAX;

    }

    /**
     * The predictions of a version whose outcome is known.
     *
     * @param outcomes how many there are
     * @param right how many of them came true
     */
    private record Counted(long outcomes, long right) {
    }

}

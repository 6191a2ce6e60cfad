package io.modelserver.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import io.modelserver.experiment.assign.AssignBy;
import io.modelserver.experiment.assign.Ending;
import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.assign.Guardrails;
import io.modelserver.experiment.assign.OnVerdict;
import io.modelserver.experiment.assign.Status;
import io.modelserver.experiment.assign.Variant;
import io.modelserver.experiment.conduct.ExperimentStore;
import io.modelserver.experiment.conduct.FinalAnalysis;
import io.modelserver.experiment.evidence.Evidence;
import io.modelserver.experiment.evidence.TrafficFacts;
import io.modelserver.ledger.store.Columns;
import io.modelserver.ledger.store.LedgerDatabase;
import io.modelserver.ledger.store.OutcomeLimits;
import io.modelserver.ledger.store.PredictionIds;
import io.modelserver.ledger.store.Times;
import io.modelserver.model.ModelId;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;

/** Experiments in the ledger's database. */
public final class JdbcExperimentStore implements ExperimentStore {

    private static final int LONGEST_REASON = 8_000;

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** All but the final analysis, which may be long. */
    private static final String SELECT = """
            select id, assign_by, created_at, duration_millis, min_samples, on_verdict, max_error_rate_increase,
                max_error_rate_ratio, max_p95_latency_ratio, ended_how, ended_at, end_reason, outcome_horizon_millis,
                cost_bps
            from experiment""";

    private static final String TRAFFIC = """
            select count(distinct symbol), count(*), min(made_at) as first_at, max(made_at) as last_at from (
                select model_name, symbol, made_at from prediction where id >= ?
                order by id desc fetch first 100000 rows only) newest
            where model_name = ?""";

    private final LedgerDatabase database;

    private final LedgerWriter writer;

    private final EvidenceReader evidenceReader;

    /**
     * Creates the store.
     * @param database the ledger's
     * @param writer of the predictions that an analysis reads
     * @param limits outcomes beyond them, which older servers accepted, count as unknown
     */
    public JdbcExperimentStore(LedgerDatabase database, LedgerWriter writer, OutcomeLimits limits) {
        this.database = database;
        this.writer = writer;
        this.evidenceReader = new EvidenceReader(database, limits);
    }

    @Override
    public Insertion insert(Experiment experiment) {
        try {
            database.durably((jdbc) -> insert(jdbc, experiment));
            return Insertion.DONE;
        }
        catch (DuplicateKeyException ex) {
            return find(experiment.id()).isPresent() ? Insertion.ID_TAKEN : Insertion.MODEL_TAKEN;
        }
    }

    private static int insert(JdbcTemplate jdbc, Experiment experiment) {
        Guardrails guardrails = experiment.guardrails();
        Duration horizon = experiment.outcomeHorizon();
        jdbc.update("""
                insert into experiment (id, assign_by, created_at, duration_millis, min_samples, on_verdict,
                    max_error_rate_increase, max_error_rate_ratio, max_p95_latency_ratio, assigns_model,
                    outcome_horizon_millis, cost_bps)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""", experiment.id(), experiment.assignBy().name(),
                Times.of(experiment.createdAt()), experiment.duration().toMillis(), experiment.minSamples(),
                experiment.onVerdict().name(), guardrails.maxErrorRateIncrease(), guardrails.maxErrorRateRatio(),
                guardrails.maxP95LatencyRatio(), experiment.control().model().name(),
                (horizon != null) ? horizon.toMillis() : null, experiment.costBps());
        for (int place = 0; place < experiment.variants().size(); place++) {
            Variant variant = experiment.variants().get(place);
            jdbc.update("""
                    insert into variant (experiment_id, place, name, model_name, model_version, traffic, shadow)
                    values (?, ?, ?, ?, ?, ?, ?)""", experiment.id(), place, variant.name(), variant.model().name(),
                    variant.model().version(), variant.traffic(), variant.shadow());
        }
        return 1;
    }

    @Override
    public List<Experiment> all() {
        return select("order by created_at desc, id");
    }

    @Override
    public List<Experiment> running() {
        return select("where assigns_model is not null order by created_at, id");
    }

    @Override
    public Optional<Experiment> find(String id) {
        return select("where id = ?", id).stream().findFirst();
    }

    @Override
    public List<Experiment> withoutFinalAnalysis() {
        return select("where assigns_model is null and final_analysis_at is null order by created_at, id");
    }

    private List<Experiment> select(String which, Object... arguments) {
        return database.inTransaction((jdbc) -> {
            List<Row> rows = jdbc.query(SELECT + ' ' + which, (row, number) -> new Row(row), arguments);
            if (rows.isEmpty()) {
                return List.of();
            }
            Map<String, List<Variant>> variants = new HashMap<>();
            String only = (rows.size() == 1) ? " where experiment_id = ?" : "";
            Object[] onlyId = (rows.size() == 1) ? new Object[] { rows.getFirst().id } : new Object[0];
            jdbc.query("select * from variant" + only + " order by experiment_id, place", (row) -> {
                variants.computeIfAbsent(row.getString("experiment_id"), (id) -> new ArrayList<>())
                    .add(new Variant(row.getString("name"),
                            new ModelId(row.getString("model_name"), row.getString("model_version")),
                            row.getDouble("traffic"), row.getBoolean("shadow")));
            }, onlyId);
            return rows.stream().map((row) -> row.with(variants.getOrDefault(row.id, List.of()))).toList();
        });
    }

    @Override
    public boolean end(String id, Status.Ended ending) {
        String reason = ending.reason().substring(0, Math.min(LONGEST_REASON, ending.reason().length()));
        return database.durably((jdbc) -> jdbc.update("""
                update experiment set assigns_model = null, ended_how = ?, ended_at = ?, end_reason = ?
                where id = ? and assigns_model is not null""", ending.how().name(), Times.of(ending.at()), reason,
                id)) == 1;
    }

    @Override
    public void read(Evidence evidence) {
        writer.awaitWritten(PATIENCE);
        evidenceReader.read(evidence);
    }

    @Override
    public TrafficFacts traffic(String modelName, Instant since) {
        return database.inTransaction(
                (jdbc) -> Objects.requireNonNull(jdbc.queryForObject(TRAFFIC,
                        (row, number) -> new TrafficFacts(row.getLong(1), row.getLong(2),
                                Times.readOrNull(row, "first_at"), Times.readOrNull(row, "last_at")),
                        PredictionIds.firstAt(since), modelName)));
    }

    @Override
    public boolean saveFinalAnalysis(String id, FinalAnalysis analysis) {
        return database.durably((jdbc) -> jdbc.update("""
                update experiment set final_analysis = ?, final_analysis_at = ?
                where id = ? and final_analysis_at is null""", analysis.json(), Times.of(analysis.frozenAt()),
                id)) == 1;
    }

    @Override
    public Optional<FinalAnalysis> findFinalAnalysis(String id) {
        return database.inTransaction((jdbc) -> jdbc
            .query("""
                    select final_analysis, final_analysis_at from experiment
                    where id = ? and final_analysis_at is not null""",
                    (row, number) -> new FinalAnalysis(row.getString(1), Times.read(row, "final_analysis_at")), id)
            .stream()
            .findFirst());
    }

    private record Row(String id, AssignBy assignBy, Instant createdAt, Duration duration, int minSamples,
            OnVerdict onVerdict, Guardrails guardrails, Status status, @Nullable Duration outcomeHorizon,
            @Nullable Double costBps) {

        Row(ResultSet row) throws SQLException {
            this(row.getString("id"), AssignBy.valueOf(row.getString("assign_by")), Times.read(row, "created_at"),
                    Duration.ofMillis(row.getLong("duration_millis")), row.getInt("min_samples"),
                    OnVerdict.valueOf(row.getString("on_verdict")),
                    new Guardrails(Columns.number(row, "max_error_rate_increase"),
                            Columns.number(row, "max_error_rate_ratio"), Columns.number(row, "max_p95_latency_ratio")),
                    status(row), Columns.millis(row, "outcome_horizon_millis"), Columns.number(row, "cost_bps"));
        }

        Experiment with(List<Variant> variants) {
            return new Experiment(id, variants, assignBy, createdAt, duration, minSamples, onVerdict, guardrails,
                    status, outcomeHorizon, costBps);
        }

        private static Status status(ResultSet row) throws SQLException {
            String how = row.getString("ended_how");
            return (how == null) ? new Status.Running()
                    : new Status.Ended(Ending.valueOf(how), Times.read(row, "ended_at"), row.getString("end_reason"));
        }

    }

}

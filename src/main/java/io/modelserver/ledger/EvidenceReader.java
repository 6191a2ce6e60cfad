package io.modelserver.ledger;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.assign.Variant;
import io.modelserver.experiment.evidence.Evidence;
import io.modelserver.experiment.evidence.Observation;
import io.modelserver.ledger.store.LedgerDatabase;
import io.modelserver.ledger.store.OutcomeLimits;
import io.modelserver.ledger.store.PredictionIds;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Reads what an experiment observed. The rows of each variant come page by page, as they
 * lie in the index, and are merged by the ids of their predictions, which sort by time:
 * so neither the database nor this process sorts, joins or holds them.
 */
final class EvidenceReader {

    private static final String MEAN_FEE = """
            select avg(coalesce(fee, 0)) from prediction
            where variant_id = ? and not failed and direction <> 'HOLD'
                and actual_return between ? and ? and coalesce(fee, 0) between 0 and ?""";

    private final LedgerDatabase database;

    private final OutcomeLimits limits;

    EvidenceReader(LedgerDatabase database, OutcomeLimits limits) {
        this.database = database;
        this.limits = limits;
    }

    void read(Evidence evidence) {
        Sink sink = into(evidence);
        Experiment experiment = evidence.experiment();
        double heldFee = experiment.shadows().isEmpty() ? 0
                : database.inTransaction((jdbc) -> meanFee(jdbc, experiment, limits));
        boolean again = true;
        while (again) {
            evidence.leaveOut(database.inTransaction((jdbc) -> readOnce(jdbc, experiment, limits, heldFee, sink)));
            again = evidence.nextPass();
        }
    }

    private static Sink into(Evidence evidence) {
        return new Sink() {

            @Override
            public void add(String variant, Observation observation) {
                evidence.add(variant, observation);
            }

            @Override
            public void addPair(String shadow, Observation ofControl, Observation ofShadow) {
                evidence.addPair(shadow, ofControl, ofShadow);
            }

        };
    }

    /**
     * What control's acted signals paid on average, of those with an outcome. It is known
     * before the first row, so that no charge depends on the order of the rows.
     */
    private static double meanFee(JdbcTemplate jdbc, Experiment experiment, OutcomeLimits limits) {
        Double mean = jdbc.queryForObject(MEAN_FEE, Double.class, idOf(jdbc, experiment, experiment.control()),
                limits.leastReturn(), limits.maxReturn(), limits.maxReturn());
        return Objects.requireNonNullElse(mean, 0.0);
    }

    /**
     * Reads all rows.
     * @param heldFee what a shadow's signal is charged where the answer was HOLD, so that
     * there is no fee to go by
     * @return how many outcomes were left out, being beyond the limits
     */
    static long readOnce(JdbcTemplate jdbc, Experiment experiment, OutcomeLimits limits, double heldFee, Sink sink) {
        List<VariantPages> answers = experiment.variants()
            .stream()
            .filter((variant) -> !variant.shadow())
            .map((variant) -> VariantPages.ofAnswers(jdbc, variant.name(), idOf(jdbc, experiment, variant), limits))
            .toList();
        List<VariantPages> shadows = experiment.shadows()
            .stream()
            .map((variant) -> VariantPages.ofShadow(jdbc, variant.name(), idOf(jdbc, experiment, variant), limits))
            .toList();
        Optional<VariantPages> first = first(answers);
        while (first.isPresent()) {
            VariantPages variant = first.get();
            add(sink, variant, variant.name().equals(experiment.control().name()), heldFee, shadows);
            variant.advance();
            first = first(answers);
        }
        return answers.stream().mapToLong(VariantPages::leftOut).sum();
    }

    private static void add(Sink sink, VariantPages variant, boolean control, double heldFee,
            List<VariantPages> shadows) {
        VariantPages.Row answer = variant.row();
        Observation answered = answer.answer();
        sink.add(variant.name(), answered);
        for (VariantPages shadow : shadows) {
            while (shadow.hasRow() && PredictionIds.ORDER.compare(shadow.row().id(), answer.id()) < 0) {
                shadow.advance();
            }
            if (shadow.hasRow() && shadow.row().id().equals(answer.id())) {
                Observation said = shadow.row().copyOf(answer, heldFee);
                sink.add(shadow.name(), said);
                if (control) {
                    sink.addPair(shadow.name(), answered, said);
                }
            }
        }
    }

    private static Optional<VariantPages> first(List<VariantPages> variants) {
        VariantPages first = null;
        for (VariantPages variant : variants) {
            if (variant.hasRow()
                    && (first == null || PredictionIds.ORDER.compare(variant.row().id(), first.row().id()) < 0)) {
                first = variant;
            }
        }
        return Optional.ofNullable(first);
    }

    private static int idOf(JdbcTemplate jdbc, Experiment experiment, Variant variant) {
        Integer id = jdbc.queryForObject("select id from variant where experiment_id = ? and name = ?", Integer.class,
                experiment.id(), variant.name());
        if (id == null) {
            throw new IllegalStateException("%s has no variant %s".formatted(experiment.id(), variant.name()));
        }
        return id;
    }

    /** Takes rows in, see {@link Evidence}. */
    interface Sink {

        void add(String variant, Observation observation);

        void addPair(String shadow, Observation ofControl, Observation ofShadow);

    }

}

package io.modelserver.ledger;

import java.time.Clock;
import java.time.Duration;

import io.modelserver.experiment.ExperimentProperties;
import io.modelserver.experiment.conduct.ExperimentStore;
import io.modelserver.experiment.conduct.Experiments;
import io.modelserver.ledger.store.LedgerDatabase;
import io.modelserver.ledger.store.LedgerUnavailableException;
import io.modelserver.ledger.store.OutcomeLimits;
import io.modelserver.lifecycle.PeriodicTask;
import io.modelserver.lifecycle.Phased;
import io.modelserver.lifecycle.Phases;
import io.modelserver.lifecycle.WarmUpListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires the ledger, what writes to it, and its periodic tasks. */
@Configuration(proxyBeanMethods = false)
@Import(LedgerDatabaseConfiguration.class)
public class LedgerConfiguration {

    private static final Duration CLAIM_INTERVAL = Duration.ofSeconds(1);

    private static final Duration ACCURACY_INTERVAL = Duration.ofSeconds(10);

    private static final Duration RETENTION_INTERVAL = Duration.ofHours(1);

    private final LedgerProperties ledger;

    private final ExperimentProperties experiment;

    private final OutcomeLimits limits;

    LedgerConfiguration(LedgerProperties ledger, ExperimentProperties experiment) {
        this.ledger = ledger;
        this.experiment = experiment;
        this.limits = new OutcomeLimits(experiment.maxReturn());
    }

    @Bean
    LedgerWriter ledgerWriter(LedgerDatabase database) {
        return new LedgerWriter(database, ledger.buffer(), ledger.gathering());
    }

    @Bean
    LedgerRecorder ledgerRecorder(LedgerWriter writer, UndatedCounter counter, Clock clock) {
        return new LedgerRecorder(writer, ledger.predictions(), new UndatedRequests(counter, clock), clock);
    }

    @Bean
    WarmUpListener ledgerAfterWarmUp(LedgerRecorder recorder) {
        return recorder::start;
    }

    @Bean
    Outcomes outcomes(LedgerDatabase database, LedgerWriter writer, Clock clock) {
        return new Outcomes(database, writer, clock, limits);
    }

    @Bean
    PredictionArchive predictionArchive(LedgerDatabase database) {
        return new PredictionArchive(database);
    }

    @Bean
    ExperimentStore experimentStore(LedgerDatabase database, LedgerWriter writer) {
        return new JdbcExperimentStore(database, writer, limits);
    }

    @Bean
    Phased ledgerLifecycle(LedgerDatabase database, LedgerWriter writer, Experiments experiments) {
        LedgerLifecycle lifecycle = new LedgerLifecycle(database, writer, experiments);
        return new Phased(Phases.LEDGER, lifecycle::start, lifecycle::stop);
    }

    @Bean
    PeriodicTask experimentRefresh(LedgerDatabase database, Experiments experiments) {
        return new PeriodicTask("experiments", experiment.refresh(), whileReachable(() -> {
            if (database.open()) {
                experiments.refresh();
            }
        }));
    }

    @Bean
    PeriodicTask verdicts(Experiments experiments) {
        return new PeriodicTask("verdicts", experiment.look(), whileReachable(experiments::applyVerdicts));
    }

    @Bean
    PeriodicTask earlyOutcomes(Outcomes outcomes) {
        return new PeriodicTask("early-outcomes", CLAIM_INTERVAL, whileReachable(outcomes::claimEarly));
    }

    @Bean
    MemberAccuracy memberAccuracy(LedgerDatabase database, Clock clock) {
        return new MemberAccuracy(database, experiment.neutralBand(), clock);
    }

    @Bean
    PeriodicTask memberScores(MemberAccuracy accuracy) {
        return new PeriodicTask("member-scores", ACCURACY_INTERVAL, whileReachable(accuracy::refresh));
    }

    @Bean
    PeriodicTask retention(LedgerDatabase database, Clock clock) {
        Retention retention = new Retention(database, ledger.retention(), clock);
        return new PeriodicTask("retention", RETENTION_INTERVAL, whileReachable(retention::apply));
    }

    /** That the ledger is away is said once, by itself. */
    private static PeriodicTask.Task whileReachable(PeriodicTask.Task task) {
        return () -> {
            try {
                task.run();
            }
            catch (LedgerUnavailableException ex) {
                // The next time will do.
            }
        };
    }

}

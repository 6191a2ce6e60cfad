package io.modelserver.app;

import io.modelserver.drift.DriftConfiguration;
import io.modelserver.experiment.ExperimentConfiguration;
import io.modelserver.ledger.LedgerConfiguration;
import io.modelserver.monitoring.MonitoringConfiguration;
import io.modelserver.oip.OipConfiguration;
import io.modelserver.registry.RegistryConfiguration;
import io.modelserver.route.RouteConfiguration;
import io.modelserver.security.KeyConfiguration;
import io.modelserver.serving.ServingConfiguration;
import io.modelserver.trading.TradingConfiguration;
import io.modelserver.window.WindowConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * The rooms of the server, each of which wires itself. Two are not listed here: those of
 * {@code front} and {@code app} are found by looking through their packages.
 */
@Configuration(proxyBeanMethods = false)
@Import({ RegistryConfiguration.class, WindowConfiguration.class, ExperimentConfiguration.class,
        ServingConfiguration.class, TradingConfiguration.class, LedgerConfiguration.class, DriftConfiguration.class,
        MonitoringConfiguration.class, KeyConfiguration.class, RouteConfiguration.class, OipConfiguration.class })
class Rooms {

}

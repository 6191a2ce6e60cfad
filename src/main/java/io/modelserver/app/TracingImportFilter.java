package io.modelserver.app;

import io.modelserver.monitoring.MonitoringConfiguration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Tracing is off, and costs nothing, until the operator says where spans go.
 */
final class TracingImportFilter implements AutoConfigurationImportFilter, EnvironmentAware {

    private boolean on;

    @Override
    public void setEnvironment(Environment environment) {
        on = StringUtils.hasText(environment.getProperty(MonitoringConfiguration.TRACING_ENDPOINT));
    }

    @Override
    public boolean[] match(@Nullable String[] names, AutoConfigurationMetadata metadata) {
        boolean[] matches = new boolean[names.length];
        for (int i = 0; i < names.length; i++) {
            String name = names[i];
            matches[i] = on || name == null || !(name.startsWith("org.springframework.boot.micrometer.tracing.")
                    || name.startsWith("org.springframework.boot.opentelemetry."));
        }
        return matches;
    }

}

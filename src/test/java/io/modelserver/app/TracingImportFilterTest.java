package io.modelserver.app;

import io.modelserver.monitoring.MonitoringConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

class TracingImportFilterTest {

    private static final String[] NAMES = { MicrometerTracingAutoConfiguration.class.getName(),
            OpenTelemetrySdkAutoConfiguration.class.getName(), WebMvcAutoConfiguration.class.getName(), null };

    @Test
    void thereIsNoTracingUntilItIsSaidWhereSpansGo() {
        assertThat(matches(new MockEnvironment())).containsExactly(false, false, true, true);
        assertThat(matches(new MockEnvironment().withProperty(MonitoringConfiguration.TRACING_ENDPOINT, "")))
            .containsExactly(false, false, true, true);
    }

    @Test
    void anEndpointTurnsItOn() {
        assertThat(matches(
                new MockEnvironment().withProperty(MonitoringConfiguration.TRACING_ENDPOINT, "http://127.0.0.1:4318")))
            .containsExactly(true, true, true, true);
    }

    private static boolean[] matches(MockEnvironment environment) {
        TracingImportFilter filter = new TracingImportFilter();
        filter.setEnvironment(environment);
        return filter.match(NAMES, mock(AutoConfigurationMetadata.class));
    }

}

package io.modelserver.app;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerAutoConfiguration;
import org.springframework.boot.grpc.server.autoconfigure.health.GrpcServerHealthAutoConfiguration;
import org.springframework.boot.grpc.server.autoconfigure.security.GrpcServerSecurityAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

class GrpcImportFilterTest {

    private static final String[] NAMES = { GrpcServerAutoConfiguration.class.getName(),
            GrpcServerHealthAutoConfiguration.class.getName(), GrpcServerSecurityAutoConfiguration.class.getName(),
            WebMvcAutoConfiguration.class.getName(), null };

    @Test
    void nothingOfGrpcIsThereUntilItIsTurnedOn() {
        assertThat(matches(new MockEnvironment())).containsExactly(false, false, false, true, true);
    }

    @Test
    void whenItIsOnTheDoorsOwnHealthAndAccessTakeTheirPlaces() {
        assertThat(matches(new MockEnvironment().withProperty("spring.grpc.server.enabled", "true")))
            .containsExactly(true, false, false, true, true);
    }

    private static boolean[] matches(MockEnvironment environment) {
        GrpcImportFilter filter = new GrpcImportFilter();
        filter.setEnvironment(environment);
        return filter.match(NAMES, mock(AutoConfigurationMetadata.class));
    }

}

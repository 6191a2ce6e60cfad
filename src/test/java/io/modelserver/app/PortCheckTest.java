package io.modelserver.app;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

class PortCheckTest {

    @ParameterizedTest
    @CsvSource({ "Permission denied, 80, false", "Permission denied (Bind failed), 8001, false",
            "Permission denied, 80, true", "Keine Berechtigung, 80, false" })
    void aPortThatMayNotBeOpenedSaysWhichRightIsMissing(String message, int port, boolean listening) {
        assertThat(PortCheck.describe(new BindException(message), port, listening)).satisfies((obstacle) -> {
            assertThat(obstacle.message()).contains("Port " + port, "CAP_NET_BIND_SERVICE", "1024")
                .doesNotContain("in use")
                .hasLineCount(1);
            assertThat(obstacle.exit()).isEqualTo(77);
        });
    }

    @ParameterizedTest
    @CsvSource({ "Address already in use, 80, true", "Address already in use, 80, false",
            "Address already in use, 8001, false", "Die Adresse wird bereits verwendet, 8001, false" })
    void aPortThatIsTakenSaysHowToFindOutByWhom(String message, int port, boolean listening) {
        assertThat(PortCheck.describe(new BindException(message), port, listening)).satisfies((obstacle) -> {
            assertThat(obstacle.message())
                .contains("Port " + port + " is in use", Integer.toString(port), "--server.port=" + (port + 1))
                .hasLineCount(1);
            assertThat(obstacle.exit()).isEqualTo(98);
        });
    }

    @Test
    void aTakenPortIsFoundOnAnAddressAndOnAll() throws IOException {
        InetAddress local = InetAddress.getLoopbackAddress();
        try (ServerSocket other = new ServerSocket(0, 1, local)) {
            int port = other.getLocalPort();

            assertThat(PortCheck.obstacle(local, port)).get()
                .satisfies((obstacle) -> assertThat(obstacle.message()).contains("in use"));
            assertThat(PortCheck.obstacle(null, port)).isPresent();
            assertThat(PortCheck.obstacle(local, 0)).isEmpty();
        }
    }

    @Test
    void thePortOfGrpcIsLookedAtOnlyWhereItIsOn() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            MockEnvironment environment = environment().withProperty("server.port", "0")
                .withProperty("server.address", "127.0.0.1")
                .withProperty("spring.grpc.server.port", Integer.toString(other.getLocalPort()));

            assertThat(PortCheck.obstacle(environment)).isEmpty();
            assertThat(PortCheck.obstacle(environment.withProperty("spring.grpc.server.enabled", "true"))).get()
                .satisfies((obstacle) -> assertThat(obstacle.message()).contains("in use",
                        "--spring.grpc.server.port=" + (other.getLocalPort() + 1)));
        }
    }

    @Test
    void onePortForBothIsOneTooFew() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        assertThat(PortCheck.obstacle(environment().withProperty("server.port", Integer.toString(port))
            .withProperty("spring.grpc.server.port", Integer.toString(port))
            .withProperty("spring.grpc.server.enabled", "true"))).get()
            .satisfies((obstacle) -> assertThat(obstacle.message()).contains("a port each"));
    }

    private static MockEnvironment environment() {
        MockEnvironment environment = new MockEnvironment();
        environment.setConversionService(new ApplicationConversionService());
        return environment;
    }

    @Test
    void anAddressOfAnotherHostIsToldApartFromAPortThatIsTaken() throws IOException {
        InetAddress documentation = InetAddress.getByName("192.0.2.1");

        assertThat(PortCheck.obstacle(documentation, 8001)).get()
            .satisfies((obstacle) -> assertThat(obstacle.message()).contains("192.0.2.1", "server.address"));
    }

}

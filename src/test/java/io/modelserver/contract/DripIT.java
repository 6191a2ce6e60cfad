package io.modelserver.contract;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A caller that never falls silent, and never comes to an end, is cut off all the same.
 */
@ExtendWith(ImpatientServer.class)
@Timeout(300)
class DripIT extends FaultTest {

    private static final int PACE_MILLIS = 100;

    private static final int LONGEST_IN_PACES = 10 * ImpatientServer.SECONDS * 1000 / PACE_MILLIS;

    @ParameterizedTest
    @ValueSource(strings = { "/predict", "/api/ml/predict/batch", "/api/ml/windows/S", "/api/ml/models/reload",
            "/api/ml/models/hybrid_cnn_lstm/reload", "/nowhere", "/health" })
    void aBodyThatDripsIsCutOff(String path) throws IOException {
        String method = path.contains("windows") ? "PUT" : "POST";
        assertCutOff(
                "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n"
                    .formatted(method, path));
    }

    @ParameterizedTest
    @ValueSource(strings = { "POST /pre", "POST /predict HTTP/1.1\r\nHost: localhost\r\nX: " })
    void aHeadThatDripsIsCutOff(String start) throws IOException {
        assertCutOff(start);
    }

    private void assertCutOff(String start) throws IOException {
        try (Socket caller = new Socket(InetAddress.getLoopbackAddress(), port)) {
            caller.setSoTimeout(PACE_MILLIS);
            caller.getOutputStream().write(start.getBytes(StandardCharsets.UTF_8));
            int paces = 0;
            while (isOpen(caller)) {
                caller.getOutputStream().write(' ');
                assertThat(paces++).as("paces after which it is still open").isLessThan(LONGEST_IN_PACES);
            }
        }
        catch (SocketException reset) {
            // That is an end too.
        }
    }

    private static boolean isOpen(Socket caller) throws IOException {
        try {
            return caller.getInputStream().read(new byte[4096]) >= 0;
        }
        catch (SocketTimeoutException silence) {
            return true;
        }
    }

}

package io.modelserver.contract;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A caller that never falls silent, and never comes to an end, is cut off all the same.
 * All of them call at once, since each waits for a deadline.
 */
@ExtendWith(ImpatientServer.class)
class DripIT extends FaultTest {

    private static final int PACE_MILLIS = 100;

    private static final int LONGEST_IN_PACES = 300_000 / PACE_MILLIS;

    private static final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    private static final Map<String, Future<Integer>> pacesToTheEnd = new ConcurrentHashMap<>();

    static Stream<String> bodies() {
        return Stream
            .of("/predict", "/api/ml/predict/batch", "/api/ml/windows/S", "/api/ml/models/reload",
                    "/api/ml/models/hybrid_cnn_lstm/reload", "/nowhere", "/health")
            .map((path) -> "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n"
                .formatted(path.contains("windows") ? "PUT" : "POST", path));
    }

    static Stream<String> heads() {
        return Stream.of("POST /pre", "POST /predict HTTP/1.1\r\nHost: localhost\r\nX: ");
    }

    @BeforeEach
    void callAtOnce() {
        Stream.concat(bodies(), heads())
            .forEach((start) -> pacesToTheEnd.computeIfAbsent(start, (key) -> callers.submit(() -> drip(port, key))));
    }

    @AfterAll
    static void stop() {
        callers.close();
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void aBodyThatDripsIsCutOff(String start) throws Exception {
        assertCutOff(start);
    }

    @ParameterizedTest
    @MethodSource("heads")
    void aHeadThatDripsIsCutOff(String start) throws Exception {
        assertCutOff(start);
    }

    private static void assertCutOff(String start) throws ExecutionException, InterruptedException {
        assertThat(pacesToTheEnd.get(start).get()).as("paces after which it is still open")
            .isLessThan(LONGEST_IN_PACES);
    }

    private static int drip(int port, String start) throws IOException {
        int paces = 0;
        try (Socket caller = new Socket(InetAddress.getLoopbackAddress(), port)) {
            caller.setSoTimeout(PACE_MILLIS);
            caller.getOutputStream().write(start.getBytes(StandardCharsets.UTF_8));
            while (isOpen(caller) && paces < LONGEST_IN_PACES) {
                caller.getOutputStream().write(' ');
                paces++;
            }
        }
        catch (SocketException reset) {
            // That is an end too.
        }
        return paces;
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

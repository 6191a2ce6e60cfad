package io.modelserver.front.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import io.modelserver.contract.Eventually;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/** A Tomcat without Spring, whose requests to {@code /slow} wait until they may end. */
@Timeout(120)
class DrainTest {

    private final ConnectionDrain connections = new ConnectionDrain();

    private final CountDownLatch slowIsIn = new CountDownLatch(1);

    private final CountDownLatch slowMayEnd = new CountDownLatch(1);

    private final WebServerApplicationContext context = mock();

    @TempDir
    Path temp;

    private WebServer server;

    private int port;

    @BeforeEach
    void start() {
        TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
        factory.setAddress(InetAddress.getLoopbackAddress());
        factory.setBaseDirectory(temp.toFile());
        server = factory.getWebServer(this::addServlet);
        server.start();
        port = server.getPort();
        given(context.getWebServer()).willReturn(server);
    }

    private void addServlet(ServletContext servlets) {
        servlets.addServlet("answers", new Answers()).addMapping("/*");
        servlets.addFilter("drain", connections).addMappingForUrlPatterns(null, false, "/*");
    }

    @AfterEach
    void stop() {
        slowMayEnd.countDown();
        server.stop();
        server.destroy();
    }

    @Test
    void itIsStoppedBeforeTheServerIs() {
        Drain drain = new Drain(connections, context, Duration.ZERO);

        assertThat(drain.getPhase()).isEqualTo(SmartLifecycle.DEFAULT_PHASE)
            .isGreaterThan(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE);
        assertThat(drain.isRunning()).isFalse();
        drain.start();
        assertThat(drain.isRunning()).isTrue();
    }

    @Test
    void untilItIsStoppedConnectionsAreKept() throws Exception {
        new Drain(connections, context, Duration.ZERO).start();

        try (Connection bot = new Connection()) {
            assertThat(bot.get("/")).contains("HTTP/1.1 200 ").doesNotContain("Connection: close");
            assertThat(bot.get("/")).contains("HTTP/1.1 200 ");
        }
    }

    @Test
    void whileItDrainsAllIsAnsweredAndConnectionsAreClosedAtOnce() throws Exception {
        Drain drain = new Drain(connections, context, Duration.ofDays(1));
        drain.start();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        try (Connection early = new Connection()) {
            early.get("/");
            Thread stopping = Thread.ofPlatform().start(() -> {
                drain.stop();
                interrupted.complete(Thread.currentThread().isInterrupted());
            });
            Eventually.isSo(() -> !drain.isRunning());

            assertThat(early.get("/")).contains("HTTP/1.1 200 ", "Connection: close");
            assertThat(early.isAtItsEnd()).isTrue();
            try (Connection late = new Connection()) {
                assertThat(late.get("/")).contains("HTTP/1.1 200 ", "Connection: close");
            }
            assertThat(interrupted).isNotDone();

            stopping.interrupt();
            assertThat(interrupted.get()).isTrue();
        }
    }

    @Test
    void afterThatNoConnectionIsTakenAndRequestsOnThoseThatAreOpenAreAnswered() throws Exception {
        Drain drain = new Drain(connections, context, Duration.ofMillis(1));
        drain.start();
        try (Connection open = new Connection()) {
            open.get("/");

            drain.stop();

            assertThat(drain.isRunning()).isFalse();
            assertThatExceptionOfType(ConnectException.class).isThrownBy(Connection::new);
            assertThat(open.get("/")).contains("HTTP/1.1 200 ", "Connection: close");
            assertThat(open.isAtItsEnd()).isTrue();
        }
    }

    @Test
    void aRequestThatIsInWhenItStopsIsAnswered() throws Exception {
        try (Connection open = new Connection()) {
            open.send("/slow");
            slowIsIn.await();

            new Drain(connections, context, Duration.ZERO).stop();
            slowMayEnd.countDown();

            assertThat(open.read()).contains("HTTP/1.1 200 ", "Connection: close");
        }
    }

    @Test
    void aServerThatIsNotTomcatIsLeftToStopByItself() {
        given(context.getWebServer()).willReturn(mock());
        Drain drain = new Drain(connections, context, Duration.ZERO);
        drain.start();

        drain.stop();

        assertThat(drain.isRunning()).isFalse();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    private final class Answers extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) {
            if (request.getPathInfo().equals("/slow")) {
                slowIsIn.countDown();
                try {
                    slowMayEnd.await();
                }
                catch (InterruptedException ex) {
                    Thread.currentThread().interrupt();
                }
            }
            response.setContentLength(0);
        }

    }

    private final class Connection implements AutoCloseable {

        private final Socket socket;

        private final BufferedReader reader;

        Connection() throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        }

        String get(String path) throws IOException {
            send(path);
            return read();
        }

        void send(String path) throws IOException {
            socket.getOutputStream()
                .write("GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(path)
                    .getBytes(StandardCharsets.US_ASCII));
        }

        /**
         * {@return the head of the next answer, none of which has a body}
         */
        String read() throws IOException {
            List<String> head = new ArrayList<>();
            for (String line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
                head.add(line);
            }
            return String.join("\n", head);
        }

        boolean isAtItsEnd() throws IOException {
            return reader.read() < 0;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }

    }

}

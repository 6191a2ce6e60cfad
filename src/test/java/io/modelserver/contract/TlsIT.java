package io.modelserver.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What an operator gets who names a certificate. */
class TlsIT {

    private static final String BUNDLE = "--spring.ssl.bundle.pem.server.";

    @TempDir
    Path folder;

    @Test
    void aNewCertificateIsServedWithoutRestartAndWithoutAFailedRequest() throws Exception {
        Certificate first = Certificate.make(folder);
        Certificate second = Certificate.make(folder);
        SSLContext trust = Certificate.trusting(first, second);
        Path certificate = folder.resolve("certificate.pem");
        Path key = folder.resolve("key.pem");
        first.install(certificate, key);
        Path home = Files.createTempDirectory("contract");
        PackagedServer.copyClassifier(home.resolve("models"));
        try (PackagedServer server = PackagedServer.in(home, "--server.ssl.bundle=server",
                BUNDLE + "reload-on-update=true", BUNDLE + "keystore.certificate=file:" + certificate,
                BUNDLE + "keystore.private-key=file:" + key, "--spring.ssl.bundle.watch.file.quiet-period=500ms",
                "--modelserver.warm-up.requests=20", "--modelserver.inference.engine=pytorch")) {
            server.untilItAnswers(new Client(server.port(), trust));
            assertThat(server.output()).contains("warmed up with 20 requests");
            assertThat(serial(server, trust)).isEqualTo(first.certificate().getSerialNumber());

            AtomicBoolean swapped = new AtomicBoolean();
            AtomicInteger answered = new AtomicInteger();
            CompletableFuture<Void> bot = CompletableFuture.runAsync(() -> predict(server, trust, swapped, answered));
            second.install(certificate, key);
            Eventually.isSo(() -> serial(server, trust).equals(second.certificate().getSerialNumber()));
            swapped.set(true);

            bot.join();
            assertThat(serial(server, trust)).isEqualTo(second.certificate().getSerialNumber());
            assertThat(answered).hasPositiveValue();
            assertThat(new Client(server.port(), Certificate.trusting(second)).get("/health")
                .header("Strict-Transport-Security")).startsWith("max-age=");
        }
    }

    /**
     * One request on a connection that lasts, one on a new one, until the certificate is
     * another.
     */
    private static void predict(PackagedServer server, SSLContext trust, AtomicBoolean swapped,
            AtomicInteger answered) {
        String request = GoldenSample.inProduction().request().toString();
        Client lasting = new Client(server.port(), trust);
        while (!swapped.get()) {
            assertThat(lasting.post("/predict", request)).hasStatus(200);
            assertThat(new Client(server.port(), trust).post("/predict", request)).hasStatus(200);
            answered.addAndGet(2);
        }
    }

    private static java.math.BigInteger serial(PackagedServer server, SSLContext trust) {
        try (SSLSocket socket = (SSLSocket) trust.getSocketFactory()
            .createSocket(InetAddress.getLoopbackAddress(), server.port())) {
            return ((java.security.cert.X509Certificate) socket.getSession().getPeerCertificates()[0])
                .getSerialNumber();
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

}

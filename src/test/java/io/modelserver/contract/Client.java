package io.modelserver.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import javax.net.ssl.SSLContext;

/** Calls a server on this host as a bot does. */
final class Client {

    private static final Duration LONGEST_CALL = Duration.ofMinutes(10);

    private final HttpClient http;

    private final String server;

    Client(int port) {
        this("http://127.0.0.1:" + port, HttpClient.newBuilder());
    }

    /** Calls over TLS. */
    Client(int port, SSLContext trust) {
        this("https://127.0.0.1:" + port, HttpClient.newBuilder().sslContext(trust));
    }

    private Client(String server, HttpClient.Builder http) {
        this.server = server;
        this.http = http.version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NORMAL).build();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(path.startsWith("http") ? path : server + path)).timeout(LONGEST_CALL);
    }

    Answer get(String path) {
        return send(request(path));
    }

    Answer post(String path, String json) {
        return post(path, json.getBytes(StandardCharsets.UTF_8));
    }

    Answer post(String path, byte[] json) {
        return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofByteArray(json)));
    }

    /** Posts no body at all. */
    Answer post(String path) {
        return send(request(path).POST(BodyPublishers.noBody()));
    }

    Answer predict(String json) {
        return post("/api/ml/predict", json);
    }

    Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.uri(), response.statusCode(), response.headers().map(), response.body());
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(ex);
        }
    }

    boolean canConnect() {
        try {
            get("/health");
            return true;
        }
        catch (UncheckedIOException ex) {
            return false;
        }
    }

}

package io.modelserver.app;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

import io.modelserver.lifecycle.WarmUpListener;
import io.modelserver.model.TensorSpec;
import io.modelserver.registry.live.LiveVersions;
import io.modelserver.security.KeyRing;
import io.modelserver.security.Scope;
import org.apache.catalina.Container;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Service;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.AbstractProtocol;
import org.apache.tomcat.util.threads.VirtualThreadExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;

/**
 * Sends requests to this server before its port opens, so that the first bot does not pay
 * for loading and compiling the way from the socket to the model. They come by a port of
 * their own, on the loopback address, that is closed again afterwards.
 */
final class RequestWarmUp {

    private static final Logger logger = LoggerFactory.getLogger(RequestWarmUp.class);

    private static final int REQUESTS_PER_CONNECTION = 20;

    private static final int OK = 200;

    private final WebServerApplicationContext context;

    private final LiveVersions registry;

    private final List<WarmUpListener> listeners;

    private final String defaultModel;

    private final int requests;

    private final long longestNanos;

    private final LongSupplier nanoTime;

    private final @Nullable KeyRing keys;

    RequestWarmUp(WebServerApplicationContext context, LiveVersions registry, List<WarmUpListener> listeners,
            ModelServerProperties settings, LongSupplier nanoTime, @Nullable KeyRing keys) {
        this.context = context;
        this.registry = registry;
        this.listeners = listeners;
        this.defaultModel = settings.defaultModel();
        this.requests = settings.warmUp().requests();
        this.longestNanos = settings.warmUp().longest().toNanos();
        this.nanoTime = nanoTime;
        this.keys = keys;
    }

    void run() {
        WebServer server = context.getWebServer();
        Optional<List<TensorSpec>> inputs = registry.servedByDefault();
        if (requests > 0 && inputs.isPresent() && server instanceof TomcatWebServer tomcat) {
            warmUp(tomcat.getTomcat().getService(), pathIn(tomcat.getTomcat().getHost()), inputs.get());
        }
        listeners.forEach(WarmUpListener::warmedUp);
    }

    private static String pathIn(Container host) {
        String context = Stream.of(host.findChildren())
            .filter(Context.class::isInstance)
            .map((child) -> ((Context) child).getPath())
            .findFirst()
            .orElse("");
        return context + "/predict";
    }

    private void warmUp(Service service, String path, List<TensorSpec> inputs) {
        if (keys == null) {
            sendAll(service, requests(path, "", inputs));
            return;
        }
        try (KeyRing.LentKey key = keys.lend("warm-up", Scope.PREDICT)) {
            sendAll(service, requests(path, "Authorization: Bearer " + key.key() + "\r\n", inputs));
        }
    }

    private void sendAll(Service service, List<byte[]> bodies) {
        Connector connector = new Connector();
        connector.setPort(0);
        connector.setProperty("address", InetAddress.getLoopbackAddress().getHostAddress());
        if (connector.getProtocolHandler() instanceof AbstractProtocol<?> protocol) {
            protocol.setExecutor(new VirtualThreadExecutor("warm-up-"));
        }
        service.addConnector(connector);
        try {
            send(connector.getLocalPort(), bodies);
        }
        catch (IOException ex) {
            logger.warn("warming up ended early: {}", ex.toString());
        }
        finally {
            remove(service, connector);
        }
    }

    private void send(int port, List<byte[]> bodies) throws IOException {
        long start = nanoTime.getAsLong();
        int sent = 0;
        while (sent < requests && nanoTime.getAsLong() - start < longestNanos) {
            try (WarmUpClient client = new WarmUpClient(port)) {
                for (int i = 0; i < REQUESTS_PER_CONNECTION && sent < requests; i++) {
                    int status = client.send(bodies.get(i % bodies.size()));
                    sent++;
                    if (status != OK) {
                        logger.warn("warming up ended early: a request was answered with {}", status);
                        return;
                    }
                }
            }
        }
        logger.info("warmed up with {} requests in {} ms", sent, (nanoTime.getAsLong() - start) / 1_000_000);
    }

    private static void remove(Service service, Connector connector) {
        service.removeConnector(connector);
        try {
            connector.destroy();
        }
        catch (LifecycleException ex) {
            logger.warn("the port for warming up could not be closed", ex);
        }
    }

    /**
     * Nested and, where the shape allows it, flat: bots send both. They name the model,
     * since a route may be for all symbols.
     */
    private List<byte[]> requests(String path, String headers, List<TensorSpec> inputs) {
        return Stream.of(false, true)
            .map((flat) -> WarmUpClient.request(path, headers, WarmUpBody.of(defaultModel, inputs, flat)))
            .toList();
    }

}

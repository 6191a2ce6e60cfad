package io.modelserver.front.http;

import java.time.Duration;

import io.modelserver.lifecycle.Phases;
import org.apache.catalina.connector.Connector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * The first to be notified that the server is to stop, when readiness is already refused:
 * asks clients to close their connections, continues to serve for a while, then accepts
 * no more connections and answers what arrives on the open ones. Only then is Tomcat told
 * to stop, which drops a request that it reads at that moment.
 */
public final class Drain implements SmartLifecycle {

    private static final Logger logger = LoggerFactory.getLogger(Drain.class);

    private static final Duration LAST_REQUESTS = Duration.ofMillis(250);

    private final ConnectionDrain connections;

    private final WebServerApplicationContext context;

    private final Duration drain;

    private volatile boolean running;

    /**
     * Creates the drain.
     * @param connections asks clients to close theirs
     * @param context of the web server, whose connectors are paused
     * @param drain how long to continue to serve
     */
    public Drain(ConnectionDrain connections, WebServerApplicationContext context, Duration drain) {
        this.connections = connections;
        this.context = context;
        this.drain = drain;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        connections.begin();
        running = false;
        try {
            if (drain.isPositive()) {
                logger.info("draining for {} ms", drain.toMillis());
                Thread.sleep(drain);
            }
            if (context.getWebServer() instanceof TomcatWebServer tomcat) {
                for (Connector connector : tomcat.getTomcat().getService().findConnectors()) {
                    connector.getProtocolHandler().closeServerSocketGraceful();
                }
                Thread.sleep(LAST_REQUESTS);
            }
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Phases.DRAIN.number();
    }

}

package io.modelserver.config;

import java.time.Duration;

import io.modelserver.web.ConnectionDrain;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The first to hear that the server is to stop, when readiness is already refused: asks
 * clients to close their connections, and goes on serving for a while.
 */
final class Drain implements SmartLifecycle {

    private static final Logger logger = LoggerFactory.getLogger(Drain.class);

    private final ConnectionDrain connections;

    private final Duration drain;

    private volatile boolean running;

    Drain(ConnectionDrain connections, Duration drain) {
        this.connections = connections;
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
        return DEFAULT_PHASE;
    }

}

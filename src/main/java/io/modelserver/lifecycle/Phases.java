package io.modelserver.lifecycle;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * The phases in which the server starts, from top to bottom; it stops from bottom to top.
 * A part that takes a place here names its neighbours and says why it stands between
 * them.
 */
public enum Phases {

    /** What is in production is loaded. First, since everything below needs a model. */
    MODELS(0),

    /**
     * Windows are read, before the {@link #PORT} opens and steps come; they are written
     * after it has closed, when no step comes any more.
     */
    WINDOWS(1),

    /**
     * The versions of running experiments are loaded. After the {@link #MODELS}, which
     * answer where no experiment does, and before the {@link #WARM_UP}, which must not
     * find the engines at work. At the end, what is buffered is written after the
     * {@link #PORT} has closed and the {@link #PERIODIC_TASKS} have ended.
     */
    LEDGER(2),

    /**
     * The server sends requests to itself. After all that an answer needs, before the
     * {@link #PERIODIC_TASKS}, which would take processors from it, and before the
     * {@link #PORT}, so that the first bot does not pay for it.
     */
    WARM_UP(3),

    /**
     * What is done again and again. After the {@link #WARM_UP}, and before the
     * {@link #PORT}: requests find it at work from the first to the last.
     */
    PERIODIC_TASKS(4),

    /** Spring Boot's own: the port opens when all above are ready. */
    PORT(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE),

    /**
     * Spring Boot's own: at the end, requests that were accepted are awaited. Right
     * before the {@link #PORT} closes for good.
     */
    ACCEPTED_REQUESTS(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE),

    /**
     * The port of gRPC opens, where there is one: after the {@link #PORT}. At the end it
     * closes and what it has accepted is awaited, before the {@link #ACCEPTED_REQUESTS}
     * of HTTP and after the {@link #DRAIN}.
     */
    GRPC_PORT(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE + 1),

    /**
     * The versions in STAGING are loaded. After the {@link #PORT}, so that they delay
     * nobody.
     */
    STAGING(SmartLifecycle.DEFAULT_PHASE - 1),

    /**
     * Clients are asked to go elsewhere. The last to start, and so the first to stop:
     * ahead of the {@link #ACCEPTED_REQUESTS}, which take no new ones.
     */
    DRAIN(SmartLifecycle.DEFAULT_PHASE);

    private final int number;

    Phases(int number) {
        this.number = number;
    }

    /**
     * {@return the phase as Spring counts it}
     */
    public int number() {
        return number;
    }

}

package io.modelserver.contract;

/**
 * Gives tests of slow callers a server that waits for none of them long, and has little
 * room for bodies, so that one that is never let go of is missed.
 */
final class ImpatientServer extends SharedServer {

    static final int SECONDS = 1;

    ImpatientServer() {
        super("--modelserver.prediction.deadline=20s", "--modelserver.web.body-deadline=" + SECONDS + "s",
                "--modelserver.web.head-deadline=" + SECONDS + "s",
                "--server.tomcat.connection-timeout=" + SECONDS + "s",
                "--server.tomcat.keep-alive-timeout=" + SECONDS + "s", "--modelserver.web.max-bodies-in-flight=4MB",
                "--modelserver.web.max-body-size=4MB");
    }

}

package io.modelserver.contract;

import java.util.stream.Stream;

/**
 * Gives tests of slow callers a server that waits for none of them long, and has little
 * room for bodies, so that one that is never let go of is missed.
 */
class ImpatientServer extends SharedServer {

    static final int SECONDS = 2;

    ImpatientServer() {
        this(new String[0]);
    }

    private ImpatientServer(String... more) {
        super(Stream.concat(
                Stream.of("--modelserver.web.body-deadline=" + SECONDS + "s",
                        "--modelserver.web.head-deadline=" + SECONDS + "s",
                        "--server.tomcat.connection-timeout=" + SECONDS + "s",
                        "--modelserver.web.max-bodies-in-flight=4MB", "--modelserver.web.max-body-size=4MB"),
                Stream.of(more))
            .toArray(String[]::new));
    }

    /** One that does not wait for a further request either. */
    static final class BetweenRequestsToo extends ImpatientServer {

        BetweenRequestsToo() {
            super("--server.tomcat.keep-alive-timeout=" + SECONDS + "s");
        }

    }

}

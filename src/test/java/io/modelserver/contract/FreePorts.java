package io.modelserver.contract;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports below those that systems give to outgoing connections, which come and go: one
 * that is free stays so until a server opens it.
 */
final class FreePorts {

    /** Random, so that two runs on one host do not meet. */
    private static final AtomicInteger next = new AtomicInteger(ThreadLocalRandom.current().nextInt(20_000, 30_000));

    private FreePorts() {
    }

    static int next() {
        while (true) {
            try (ServerSocket socket = new ServerSocket(next.getAndIncrement())) {
                return socket.getLocalPort();
            }
            catch (IOException taken) {
                // The next one, then.
            }
        }
    }

}

package io.modelserver.front.grpc;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Calls that last until their callers or the server end. When the server stops it ends
 * them, and refuses new ones, so that nobody is waited for who never leaves.
 */
final class OpenStreams {

    private final Set<Stream> open = ConcurrentHashMap.newKeySet();

    private volatile boolean ending;

    /** Remembers a stream, or ends it at once if the server is stopping. */
    void add(Stream stream) {
        open.add(stream);
        if (ending) {
            stream.end();
        }
    }

    void remove(Stream stream) {
        open.remove(stream);
    }

    void end() {
        ending = true;
        open.forEach(Stream::end);
    }

    /** What can be ended. */
    @FunctionalInterface
    interface Stream {

        /** Ends after the answer that is being made, if one is; by any thread. */
        void end();

    }

}

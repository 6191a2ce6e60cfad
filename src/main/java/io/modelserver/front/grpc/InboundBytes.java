package io.modelserver.front.grpc;

import java.util.concurrent.atomic.AtomicLong;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;

/**
 * Bounds how many bytes of messages there are at a time, as the bodies of HTTP are
 * bounded: a call takes its share as bytes arrive, and the one for which there is no room
 * ends. A message counts until its call ends or has read the next one.
 */
final class InboundBytes extends ServerStreamTracer.Factory {

    private final long mostBytes;

    private final AtomicLong bytesInUse = new AtomicLong();

    /**
     * Creates the bound.
     * @param mostBytes the most bytes of messages at a time
     */
    InboundBytes(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    long inUse() {
        return bytesInUse.get();
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        return new Share();
    }

    /** What one call has taken; by the thread of its connection, except for its end. */
    private final class Share extends ServerStreamTracer {

        private final AtomicLong taken = new AtomicLong();

        private long arriving;

        private volatile boolean closed;

        /**
         * Throws as gRPC itself does where a message is longer than it may be, which ends
         * the call with that status.
         */
        @Override
        public void inboundWireSize(long bytes) {
            arriving += bytes;
            taken.addAndGet(bytes);
            boolean isTooMuch = bytesInUse.addAndGet(bytes) > mostBytes;
            if (closed || isTooMuch) {
                giveBack(taken.getAndSet(0));
            }
            if (isTooMuch) {
                throw Status.RESOURCE_EXHAUSTED
                    .withDescription("the messages of other calls use all of the %d bytes available for them"
                        .formatted(mostBytes))
                    .asRuntimeException();
            }
        }

        @Override
        public void inboundMessageRead(int number, long wireBytes, long bytes) {
            long earlier = taken.get() - arriving;
            if (earlier > 0 && taken.compareAndSet(earlier + arriving, arriving)) {
                giveBack(earlier);
            }
            arriving = 0;
        }

        @Override
        public void streamClosed(Status status) {
            closed = true;
            giveBack(taken.getAndSet(0));
        }

        private void giveBack(long bytes) {
            bytesInUse.addAndGet(-bytes);
        }

    }

}

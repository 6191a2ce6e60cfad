package io.modelserver.front.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

import io.modelserver.front.json.JsonSlice;
import io.modelserver.front.json.RequestBuffer;
import io.modelserver.front.problem.ProblemCode;
import io.modelserver.front.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Reads bodies into buffers that are used again, and bounds how many bytes of bodies
 * there are at a time. A body takes its share as its bytes arrive, so that one which is
 * only announced holds nothing.
 */
public final class RequestBodies {

    private static final int FIRST_BYTES = 16 << 10;

    /** A larger buffer belongs to an unusual request, and is released. */
    private static final int LARGEST_KEPT = 1 << 20;

    private final long mostBytes;

    private final AtomicLong bytesInUse = new AtomicLong();

    private final AtomicLong bytesKept = new AtomicLong();

    private final ConcurrentLinkedQueue<RequestBuffer> kept = new ConcurrentLinkedQueue<>();

    /**
     * Creates a pool.
     * @param mostBytes the most bytes of bodies at a time; one more is refused
     */
    public RequestBodies(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /**
     * Reads a body in full.
     * @param request a request whose length and time are already limited
     * @return the body, to be closed when nothing refers to it any more
     * @throws IOException if the connection breaks
     * @throws ProblemException if too many bytes of bodies are here already
     */
    public RequestBody read(HttpServletRequest request) throws IOException {
        RequestBody body = new RequestBody(take());
        try {
            body.readFrom(request.getInputStream(), request.getContentLength());
            return body;
        }
        catch (IOException | RuntimeException ex) {
            body.close();
            throw ex;
        }
    }

    private RequestBuffer take() {
        RequestBuffer buffer = kept.poll();
        if (buffer == null) {
            return new RequestBuffer(new byte[0]);
        }
        bytesKept.addAndGet(-buffer.size());
        return buffer;
    }

    private void giveBack(RequestBuffer buffer) {
        long size = buffer.size();
        if (size <= LARGEST_KEPT && bytesKept.addAndGet(size) <= mostBytes) {
            kept.add(buffer);
        }
        else if (size <= LARGEST_KEPT) {
            bytesKept.addAndGet(-size);
        }
    }

    private void reserve(int bytes) {
        if (bytesInUse.addAndGet(bytes) > mostBytes) {
            bytesInUse.addAndGet(-bytes);
            throw new ProblemException(ProblemCode.OVERLOADED,
                    "the bodies of other requests use all of the %d bytes available for them".formatted(mostBytes));
        }
    }

    /** A body that has been read. */
    public final class RequestBody implements AutoCloseable {

        private @Nullable RequestBuffer buffer;

        private int length;

        private int reserved;

        private RequestBody(RequestBuffer buffer) {
            this.buffer = buffer;
        }

        /**
         * {@return the bytes; valid until this is closed}
         */
        public JsonSlice json() {
            return new JsonSlice(buffer(), length);
        }

        /**
         * {@return its beginning; valid until this is closed}
         * @param bytes how many of its bytes, at most {@link #length}
         */
        public JsonSlice json(int bytes) {
            return new JsonSlice(buffer(), bytes);
        }

        /**
         * {@return its end; valid until this is closed}
         * @param from the place of its first byte, at most {@link #length}
         */
        public ByteBuffer bytes(int from) {
            return ByteBuffer.wrap(buffer().bytes(), from, length - from);
        }

        /**
         * {@return how many bytes it has}
         */
        public int length() {
            return length;
        }

        private RequestBuffer buffer() {
            if (buffer == null) {
                throw new IllegalStateException("the body is closed");
            }
            return buffer;
        }

        private void readFrom(InputStream in, int declared) throws IOException {
            int expected = (declared >= 0) ? declared : Integer.MAX_VALUE;
            int some = 0;
            while (some >= 0 && length < expected) {
                if (length == reserved) {
                    growTo((int) Math.min(expected, Math.max(FIRST_BYTES, 2L * reserved)));
                }
                some = in.read(buffer().bytes(), length, reserved - length);
                length += Math.max(0, some);
            }
        }

        private void growTo(int bytes) {
            reserve(bytes - reserved);
            reserved = bytes;
            buffer().grow(bytes);
        }

        @Override
        public void close() {
            if (buffer != null) {
                bytesInUse.addAndGet(-reserved);
                giveBack(buffer);
                buffer = null;
            }
        }

    }

}

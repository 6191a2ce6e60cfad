package io.modelserver.front.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

import jakarta.servlet.ServletException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.tomcat.util.net.ApplicationBufferHandler;

/**
 * Listens to the rest of a body after an answer that did not need it: a connection that
 * is closed under a sender takes the answer with it. Tomcat would do that for as long as
 * a byte arrives occasionally; here it ends at the deadline of a wanted body.
 */
public final class UnreadBodyValve extends ValveBase {

    private static final int FIRST_ERROR = 400;

    /** Its sender has used all of its time. */
    private static final int TIMED_OUT = 408;

    private final long mostBytes;

    private final long longestNanos;

    private final LongSupplier nanoTime;

    /**
     * Creates the valve.
     * @param mostBytes the most bytes that are listened to
     * @param longestNanos the longest time that is listened
     * @param nanoTime the clock of durations
     */
    public UnreadBodyValve(long mostBytes, long longestNanos, LongSupplier nanoTime) {
        this.mostBytes = mostBytes;
        this.longestNanos = longestNanos;
        this.nanoTime = nanoTime;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        getNext().invoke(request, response);
        if (response.getStatus() >= FIRST_ERROR && response.isCommitted()) {
            org.apache.coyote.Request connection = request.getCoyoteRequest();
            AtomicBoolean read = new AtomicBoolean();
            connection.action(ActionCode.REQUEST_BODY_FULLY_READ, read);
            // A client that sends {@code Expect: 100-continue} has already been answered,
            // and the connection ends.
            if (!read.get() && !connection.hasExpectation()) {
                response.finishResponse();
                if (response.getStatus() == TIMED_OUT || !isReadInTime(connection)) {
                    connection.action(ActionCode.CLOSE_NOW, null);
                }
            }
        }
    }

    /** A body that is too long but quick is left to Tomcat, which knows what to do. */
    private boolean isReadInTime(org.apache.coyote.Request connection) {
        long start = nanoTime.getAsLong();
        Discarded bytes = new Discarded();
        try {
            for (long total = 0, some = 0; some >= 0 && total <= mostBytes; total += some) {
                some = connection.doRead(bytes);
                if (nanoTime.getAsLong() - start > longestNanos) {
                    return false;
                }
            }
            return true;
        }
        catch (IOException ex) {
            return false;
        }
    }

    /** Where Tomcat shows what it has read. */
    private static final class Discarded implements ApplicationBufferHandler {

        private ByteBuffer buffer = ByteBuffer.allocate(0);

        @Override
        public void setByteBuffer(ByteBuffer read) {
            buffer = read;
        }

        @Override
        public ByteBuffer getByteBuffer() {
            return buffer;
        }

        @Override
        public void expand(int size) {
            // Tomcat brings its own.
        }

    }

}

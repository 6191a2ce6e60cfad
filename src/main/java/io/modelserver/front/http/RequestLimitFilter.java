package io.modelserver.front.http;

import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Locale;
import java.util.function.LongSupplier;

import io.modelserver.front.problem.ProblemCode;
import io.modelserver.front.problem.ProblemException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Rejects bodies that are compressed or too long: at once where the length is declared,
 * else while they are read. A body that takes too long is abandoned, however often a byte
 * of it comes.
 */
public final class RequestLimitFilter extends OncePerRequestFilter {

    private final long limitBytes;

    private final long longestNanos;

    private final LongSupplier nanoTime;

    private final HandlerExceptionResolver problems;

    /**
     * Creates the filter.
     * @param limitBytes a longer body is rejected
     * @param longestNanos a body that takes longer is abandoned
     * @param nanoTime the clock of durations
     * @param problems writes what was rejected as an answer
     */
    public RequestLimitFilter(long limitBytes, long longestNanos, LongSupplier nanoTime,
            HandlerExceptionResolver problems) {
        this.limitBytes = limitBytes;
        this.longestNanos = longestNanos;
        this.nanoTime = nanoTime;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String encoding = request.getHeader("Content-Encoding");
        if (encoding != null && !encoding.toLowerCase(Locale.ROOT).equals("identity")) {
            reject(request, response, new ProblemException(ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                    "compressed bodies are not accepted: send it without Content-Encoding"));
        }
        else if (request.getContentType() != null && request.getContentType().indexOf('*') >= 0) {
            reject(request, response, new ProblemException(ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                    "expected Content-Type: application/json, got a range of types"));
        }
        else if (request.getContentLengthLong() > limitBytes) {
            reject(request, response, tooLarge());
        }
        else {
            chain.doFilter(new LimitedRequest(request), response);
        }
    }

    private void reject(HttpServletRequest request, HttpServletResponse response, ProblemException problem) {
        problems.resolveException(request, response, null, problem);
    }

    private ProblemException tooLarge() {
        return new ProblemException(ProblemCode.PAYLOAD_TOO_LARGE,
                "the body is larger than %d bytes".formatted(limitBytes));
    }

    private ProblemException tooSlow() {
        return new ProblemException(ProblemCode.REQUEST_TIMEOUT,
                "the body did not arrive within %d ms".formatted(longestNanos / 1_000_000));
    }

    /** A request whose body ends in a problem once it is too long or too late. */
    private final class LimitedRequest extends HttpServletRequestWrapper {

        private @Nullable ServletInputStream body;

        LimitedRequest(HttpServletRequest request) {
            super(request);
        }

        /** A caller without an Accept header accepts anything. */
        @Override
        public @Nullable String getHeader(String name) {
            String value = super.getHeader(name);
            return (value != null && value.isBlank() && name.equalsIgnoreCase("Accept")) ? null : value;
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            return (super.getHeader(name) != null && getHeader(name) == null) ? Collections.emptyEnumeration()
                    : super.getHeaders(name);
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            if (body == null) {
                body = new LimitedBody(super.getInputStream());
            }
            return body;
        }

    }

    private final class LimitedBody extends ServletInputStream {

        private final ServletInputStream body;

        private final long startNanos = nanoTime.getAsLong();

        private long read;

        LimitedBody(ServletInputStream body) {
            this.body = body;
        }

        @Override
        public int read() throws IOException {
            int next = body.read();
            count((next < 0) ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int some = body.read(buffer, offset, length);
            count(Math.max(0, some));
            return some;
        }

        private void count(int bytes) {
            read += bytes;
            if (read > limitBytes) {
                throw tooLarge();
            }
            if (nanoTime.getAsLong() - startNanos > longestNanos) {
                throw tooSlow();
            }
        }

        @Override
        public boolean isFinished() {
            return body.isFinished();
        }

        @Override
        public boolean isReady() {
            return body.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            body.setReadListener(listener);
        }

    }

}

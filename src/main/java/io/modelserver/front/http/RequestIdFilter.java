package io.modelserver.front.http;

import java.io.IOException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Gives each request an id, which appears in its answer's headers, in its problem and in
 * its log lines: the caller's own where it sent one that can be printed as it is.
 */
public final class RequestIdFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;

    static final String HEADER = "X-Request-Id";

    static final String KEY = "request_id";

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** Creates the filter, which keeps nothing between requests. */
    public RequestIdFilter() {
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String id = (request.getAttribute(KEY) instanceof String known) ? known : id(request.getHeader(HEADER));
        // For the dispatch of an error, which comes through here again.
        request.setAttribute(KEY, id);
        response.setHeader(HEADER, id);
        MDC.put(KEY, id);
        try {
            chain.doFilter(request, response);
        }
        finally {
            MDC.remove(KEY);
        }
    }

    private static String id(@Nullable String given) {
        return (given != null && PLAIN.matcher(given).matches()) ? given
                : HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

}

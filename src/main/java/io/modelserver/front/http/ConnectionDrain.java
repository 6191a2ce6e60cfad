package io.modelserver.front.http;

import java.io.IOException;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Makes every answer close its connection once the server is to stop, so that clients
 * come back to another server, or to this one when it is there again.
 */
public final class ConnectionDrain extends OncePerRequestFilter {

    private volatile boolean draining;

    /** Creates the filter, which closes nothing until it is told to. */
    public ConnectionDrain() {
    }

    /** Closes connections from now on. */
    public void begin() {
        draining = true;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (draining) {
            response.setHeader(HttpHeaders.CONNECTION, "close");
        }
        chain.doFilter(request, response);
        if (draining && !response.isCommitted()) {
            response.setHeader(HttpHeaders.CONNECTION, "close");
        }
    }

}

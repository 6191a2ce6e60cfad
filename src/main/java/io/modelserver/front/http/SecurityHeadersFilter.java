package io.modelserver.front.http;

import java.io.IOException;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpHeaders;

/**
 * Sets the headers that restrict what browsers do with an answer. Apart from Spring
 * Security's own filter for it, which wraps every response to be able to change its mind
 * later.
 */
public final class SecurityHeadersFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private static final String NOTHING = "default-src 'none'; frame-ancestors 'none'";

    /**
     * Swagger UI and ReDoc make styles as they go, draw with data, and search in a
     * worker.
     */
    private static final String OWN_ASSETS = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
            + "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
            + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /** Creates the filter, which keeps nothing between requests. */
    public SecurityHeadersFilter() {
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("Referrer-Policy", "no-referrer");
        if (isDocumentation(Paths.withinApplication(request))) {
            response.setHeader("Content-Security-Policy", OWN_ASSETS);
        }
        else {
            response.setHeader("Content-Security-Policy", NOTHING);
            response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        }
        if (request.isSecure()) {
            response.setHeader("Strict-Transport-Security", "max-age=31536000");
        }
        chain.doFilter(request, response);
    }

    private static boolean isDocumentation(String path) {
        return path.startsWith("/docs") || path.startsWith("/redoc") || path.startsWith("/swagger-ui")
                || path.startsWith("/webjars/");
    }

}

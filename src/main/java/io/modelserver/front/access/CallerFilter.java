package io.modelserver.front.access;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.modelserver.security.KeyRing;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * Finds out who calls: by the key in {@code Authorization: Bearer}, or, where there are
 * no keys, by the call having been made on this host. Refuses nobody.
 */
final class CallerFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private static final Pattern BEARER = Pattern.compile("(?i:Bearer) +([A-Za-z0-9._~+/=-]+)");

    private final transient @Nullable KeyRing keys;

    CallerFilter(@Nullable KeyRing keys) {
        this.keys = keys;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        caller(request).ifPresent((caller) -> {
            SecurityContext context = SecurityContextHolder.createEmptyContext();
            context.setAuthentication(caller);
            SecurityContextHolder.setContext(context);
        });
        chain.doFilter(request, response);
    }

    private Optional<Caller> caller(HttpServletRequest request) {
        if (keys == null) {
            return LocalCaller.made(request) ? Optional.of(Caller.local()) : Optional.empty();
        }
        return bearer(Collections.list(request.getHeaders("Authorization"))).flatMap(keys::find).map(Caller::with);
    }

    /**
     * {@return the key that a caller sent, empty if there is not exactly one}
     * @param credentials all values of {@code Authorization}
     */
    static Optional<String> bearer(List<String> credentials) {
        return (credentials.size() == 1)
                ? Optional.of(BEARER.matcher(credentials.getFirst())).filter(Matcher::matches).map((it) -> it.group(1))
                : Optional.empty();
    }

}

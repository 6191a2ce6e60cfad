package io.modelserver.web;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Lets only this host change anything. A proxy on this host speaks for strangers, so a
 * forwarding header closes the door; so does a page of another origin in a browser on
 * this host, also where its name was made to point here.
 */
final class ManagementGuard implements HandlerInterceptor {

    private static final List<String> FORWARDING_HEADERS = List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host",
            "X-Forwarded-Proto", "X-Real-IP", "Via");

    private static final Set<String> READ_ONLY = Set.of("GET", "HEAD", "OPTIONS");

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (!READ_ONLY.contains(request.getMethod()) && !isFromThisHost(request)) {
            throw new ProblemException(ProblemCode.FORBIDDEN,
                    "changes are accepted only from this host (127.0.0.1), not through a proxy or from another site");
        }
        return true;
    }

    private static boolean isFromThisHost(HttpServletRequest request) {
        return isLoopback(request.getRemoteAddr()) && isLoopbackName(request.getServerName())
                && FORWARDING_HEADERS.stream().noneMatch((header) -> request.getHeader(header) != null)
                && isOwnOrigin(request);
    }

    private static boolean isOwnOrigin(HttpServletRequest request) {
        String origin = request.getHeader("Origin");
        if (origin == null) {
            return true;
        }
        try {
            String authority = URI.create(origin).getAuthority();
            return authority != null && authority.equals(request.getHeader("Host"));
        }
        catch (IllegalArgumentException ex) {
            return false;
        }
    }

    private static boolean isLoopbackName(String host) {
        return host.equalsIgnoreCase("localhost") || (host.matches("[0-9.]+|\\[[0-9a-fA-F:.]+]") && isLoopback(host));
    }

    private static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        }
        catch (UnknownHostException ex) {
            return false;
        }
    }

}

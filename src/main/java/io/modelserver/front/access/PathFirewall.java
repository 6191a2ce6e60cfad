package io.modelserver.front.access;

import io.modelserver.front.http.Paths;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.web.firewall.FirewalledRequest;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/**
 * Strict about paths, where one that reads differently here and in Spring MVC would be a
 * way in. Only behind {@code /api/ml/windows/} may a slash be encoded: generated clients
 * send the symbol {@code BTC/USDT} so, and all that follows there is one symbol to Spring
 * MVC too. Methods get their 405, symbols may hold two slashes, and headers and
 * parameters have passed Tomcat, which lets no control characters through.
 */
final class PathFirewall implements HttpFirewall {

    private static final String SYMBOLS = "/api/ml/windows/";

    private final StrictHttpFirewall everywhere = strict();

    private final StrictHttpFirewall symbols = strict();

    PathFirewall() {
        symbols.setAllowUrlEncodedSlash(true);
        // Tomcat leaves such a slash encoded where it decodes the rest. An encoded
        // percent sign is still refused.
        symbols.getDecodedUrlBlocklist().remove("%");
    }

    private static StrictHttpFirewall strict() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setUnsafeAllowAnyHttpMethod(true);
        firewall.setAllowUrlEncodedDoubleSlash(true);
        firewall.setAllowedHeaderNames((name) -> true);
        firewall.setAllowedHeaderValues((value) -> true);
        firewall.setAllowedParameterNames((name) -> true);
        firewall.setAllowedParameterValues((value) -> true);
        return firewall;
    }

    @Override
    public FirewalledRequest getFirewalledRequest(HttpServletRequest request) {
        return (Paths.withinApplication(request).startsWith(SYMBOLS) ? symbols : everywhere)
            .getFirewalledRequest(request);
    }

    @Override
    public HttpServletResponse getFirewalledResponse(HttpServletResponse response) {
        return everywhere.getFirewalledResponse(response);
    }

}

package io.modelserver.front.access;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.apache.catalina.Globals;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a call was made by somebody on this host, for this server. A proxy on
 * this host speaks for strangers, so whatever shows one closes the door: a header that
 * proxies add, a name of their own as the host, HTTP/1.0. So does a page of another
 * origin in a browser on this host, also where its name was made to point here. A proxy
 * that sends none of these looks like curl; behind one, keys must be configured.
 */
final class LocalCaller {

    private static final String FORWARDED_PREFIX = "x-forwarded";

    private static final Set<String> PROXY_HEADERS = Set.of("forwarded", "via", "x-real-ip", "x-client-ip", "client-ip",
            "true-client-ip", "cf-connecting-ip", "cf-connecting-ipv6", "cf-ray", "cdn-loop", "fastly-client-ip",
            "fly-client-ip", "x-azure-clientip", "x-appengine-user-ip", "x-cluster-client-ip",
            "x-envoy-external-address", "x-original-forwarded-for", "x-original-host", "x-original-url",
            "x-originating-ip", "x-proxyuser-ip", "x-remote-addr", "x-remote-ip", "x-rewrite-url", "x-host",
            "proxy-client-ip", "wl-proxy-client-ip", "x-arr-log-id", "x-amzn-trace-id", "x-scheme", "x-url-scheme",
            "max-forwards", "proxy-connection");

    private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

    private LocalCaller() {
    }

    /**
     * {@return whether a call was made on this host} It is decided on the connection's
     * peer and the headers as they came, whatever a filter or a valve of forwarded
     * headers made of them.
     * @param request the request, as a filter sees it
     */
    static boolean made(HttpServletRequest request) {
        HttpServletRequest sent = asItCame(request);
        return sent.getAttribute(Globals.REQUEST_FORWARDED_ATTRIBUTE) == null && wasMadeHere(sent);
    }

    private static HttpServletRequest asItCame(HttpServletRequest request) {
        HttpServletRequest sent = request;
        while (sent instanceof HttpServletRequestWrapper wrapper
                && wrapper.getRequest() instanceof HttpServletRequest wrapped) {
            sent = wrapped;
        }
        return sent;
    }

    private static boolean wasMadeHere(HttpServletRequest request) {
        return isHere(request.getRemoteAddr(), request.getServerName(),
                Collections.list(request.getHeaderNames()).stream()) && !"HTTP/1.0".equals(request.getProtocol())
                && Collections.list(request.getHeaders("Sec-Fetch-Site")).stream().allMatch(OWN_SITES::contains)
                && Collections.list(request.getHeaders("Origin"))
                    .stream()
                    .allMatch((origin) -> isOwnOrigin(origin, request.getHeader("Host")));
    }

    /**
     * {@return whether nothing shows that a call comes from elsewhere}
     * @param peer the address at the other end of the connection
     * @param host the name that was called
     * @param headers the names of the call's headers
     */
    static boolean isHere(String peer, String host, Stream<String> headers) {
        return isLoopback(peer) && isLoopbackName(host) && headers.map((name) -> name.toLowerCase(Locale.ROOT))
            .noneMatch((name) -> name.startsWith(FORWARDED_PREFIX) || PROXY_HEADERS.contains(name));
    }

    private static boolean isOwnOrigin(String origin, @Nullable String host) {
        try {
            String authority = URI.create(origin).getAuthority();
            return authority != null && authority.equals(host);
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

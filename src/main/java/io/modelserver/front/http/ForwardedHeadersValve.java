package io.modelserver.front.http;

import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import jakarta.servlet.ServletException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/**
 * Removes forwarding headers that a proxy cannot have meant, before Spring MVC reads
 * them: it would fail on a prefix that is not a path, and callers write these headers
 * too. Only for a server with keys, where no header decides who may call.
 */
public final class ForwardedHeadersValve extends ValveBase {

    private static final Map<String, Pattern> USABLE = Map.of("X-Forwarded-Prefix",
            Pattern.compile("(/[A-Za-z0-9._~-]+)*/?"), "X-Forwarded-Port", Pattern.compile("[0-9]{1,5}"),
            "X-Forwarded-Host", Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?"),
            "X-Forwarded-Proto", Pattern.compile("(?i)https?"), "X-Forwarded-Ssl", Pattern.compile("(?i)on|off"));

    /** Creates the valve, which keeps nothing between requests. */
    public ForwardedHeadersValve() {
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        for (String header : USABLE.keySet()) {
            if (!Collections.list(request.getHeaders(header)).stream().allMatch((text) -> isUsable(header, text))) {
                request.getCoyoteRequest().getMimeHeaders().removeHeader(header);
            }
        }
        getNext().invoke(request, response);
    }

    /**
     * {@return whether a header, of several proxies in a row too, is what it should be}
     */
    static boolean isUsable(String header, String text) {
        Pattern usable = USABLE.get(header);
        return usable == null
                || Stream.of(text.split(",", -1)).allMatch((part) -> usable.matcher(part.strip()).matches());
    }

}

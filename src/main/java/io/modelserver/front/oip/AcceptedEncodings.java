package io.modelserver.front.oip;

import java.util.Locale;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpHeaders;

/** What a caller says of compressed answers. */
final class AcceptedEncodings {

    private AcceptedEncodings() {
    }

    /**
     * {@return whether gzip is asked for by its name}
     * @param request its header says so
     */
    static boolean includeGzip(HttpServletRequest request) {
        String accepted = request.getHeader(HttpHeaders.ACCEPT_ENCODING);
        if (accepted == null) {
            return false;
        }
        for (String encoding : accepted.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] parts = encoding.split(";", -1);
            if (parts[0].strip().equals("gzip")) {
                return parts.length == 1 || !parts[1].strip().matches("q=0(\\.0*)?");
            }
        }
        return false;
    }

}

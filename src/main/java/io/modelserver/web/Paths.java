package io.modelserver.web;

import jakarta.servlet.http.HttpServletRequest;

/** What was called, wherever the application stands. */
final class Paths {

    private Paths() {
    }

    /**
     * {@return the path as it was sent, without {@code server.servlet.context-path}}
     */
    static String withinApplication(HttpServletRequest request) {
        return request.getRequestURI().substring(request.getContextPath().length());
    }

}

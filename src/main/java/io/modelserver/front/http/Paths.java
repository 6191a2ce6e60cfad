package io.modelserver.front.http;

import jakarta.servlet.http.HttpServletRequest;

/** What was called, wherever the application stands. */
public final class Paths {

    private Paths() {
    }

    /**
     * {@return the path as it was sent, without {@code server.servlet.context-path}}
     * @param request of this application
     */
    public static String withinApplication(HttpServletRequest request) {
        return request.getRequestURI().substring(request.getContextPath().length());
    }

    /**
     * {@return whether a path is one of the Open Inference Protocol, whose errors have a
     * form of their own}
     * @param path within the application
     */
    public static boolean isOfInference(String path) {
        return path.startsWith("/v2") && (path.length() == 3 || path.charAt(3) == '/');
    }

}

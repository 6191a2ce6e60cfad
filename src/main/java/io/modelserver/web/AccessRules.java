package io.modelserver.web;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import io.modelserver.security.Scope;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Which scope a call needs. What only reads is open, but for the ledger, which tells what
 * bots trade; predictions and windows are open unless the settings say otherwise, and
 * everything else needs {@code admin}, also what does not exist: a path that is added
 * later is closed until a rule opens it. Paths are matched as Spring MVC matches them, so
 * that none means one thing here and another there.
 */
final class AccessRules {

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    private static final Set<String> PREDICTIONS = Set.of("/predict", "/api/ml/predict", "/api/ml/predict/batch");

    private static final PathPatternParser PARSER = PathPatternParser.defaultInstance;

    private final Set<PathPattern> predictions = Set.of(PARSER.parse("/predict"), PARSER.parse("/api/ml/predict/**"),
            PARSER.parse("/api/ml/windows/**"));

    private final PathPattern outcomes = PARSER.parse("/api/ml/outcomes");

    private final PathPattern ledger = PARSER.parse("/api/ml/ledger/**");

    private final boolean keyForPredict;

    AccessRules(boolean keyForPredict) {
        this.keyForPredict = keyForPredict;
    }

    /**
     * {@return the scope that a call needs, none if it is open}
     * @param method the method
     * @param path the path within the application
     */
    Optional<Scope> scopeFor(String method, PathContainer path) {
        if (method.equals("OPTIONS")) {
            return Optional.empty();
        }
        if (predictions.stream().anyMatch((pattern) -> pattern.matches(path))) {
            return Stream.of(Scope.PREDICT).filter((scope) -> keyForPredict).findFirst();
        }
        if (READING.contains(method) && !ledger.matches(path)) {
            return Optional.empty();
        }
        return Optional.of((method.equals("POST") && outcomes.matches(path)) ? Scope.OUTCOME : Scope.ADMIN);
    }

    /**
     * {@return whether a path, as it was sent, is one of those that bots call and is
     * open; quickly, and possibly not for the same path in other words}
     * @param path the path within the application, as it was sent
     */
    boolean isOpenPrediction(String path) {
        return !keyForPredict && PREDICTIONS.contains(path);
    }

    Optional<Scope> scopeFor(HttpServletRequest request) {
        return scopeFor(request.getMethod(), ServletRequestPathUtils.parse(request).pathWithinApplication());
    }

}

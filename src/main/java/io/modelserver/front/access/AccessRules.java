package io.modelserver.front.access;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import io.modelserver.front.http.Paths;
import io.modelserver.security.Operation;
import io.modelserver.security.Scope;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Which operation each path is, and so which scope a call needs. A path or method without
 * a rule needs {@code admin}, also where nothing is behind it: what is added later is
 * closed until a rule opens it. Paths are matched as Spring MVC matches them, so that
 * none means one thing here and another there.
 */
public final class AccessRules {

    private static final Set<String> READING = Set.of("GET", "HEAD");

    private static final Set<String> PREDICTIONS = Set.of("/predict", "/api/ml/predict", "/api/ml/predict/batch");

    /** All below it is open where predictions are. */
    private static final String PREDICTIONS_BY_NAME = "/v2/models/";

    /** The first that matches holds. */
    private static final List<Rule> RULES = List.of(Rule.any(Operation.PREDICT, "/predict", "/api/ml/predict/**"),
            Rule.any(Operation.USE_WINDOWS, "/api/ml/windows/**"), Rule.reading(Operation.READ_HEALTH, "/health",
                    "/api/ml/health", "/actuator", "/actuator/health/**", "/actuator/info"),
            Rule.reading(Operation.READ_METRICS, "/actuator/prometheus"),
            Rule.reading(Operation.READ_DOCUMENTATION, "/", "/docs/**", "/redoc", "/redoc.html", "/openapi.json/**",
                    "/openapi.json.yaml", "/swagger-ui/**", "/webjars/**", "/favicon.ico"),
            Rule.reading(Operation.READ_HISTORY, "/api/ml/models/{name}/history"),
            Rule.reading(Operation.READ_MODELS, "/api/ml/models", "/api/ml/models/{name}",
                    "/api/ml/models/{name}/drift", "/api/ml/models/{name}/versions/{version}/sample", "/api/ml/routes"),
            Rule.reading(Operation.READ_HEALTH, "/v2/health/live", "/v2/health/ready", "/v2/models/{name}/ready",
                    "/v2/models/{name}/versions/{version}/ready"),
            Rule.any(Operation.PREDICT, "/v2", PREDICTIONS_BY_NAME + "**"),
            Rule.of("POST", Operation.CHANGE_MODELS, "/v2/repository/index", "/v2/repository/models/{name}/load",
                    "/v2/repository/models/{name}/unload", "/api/ml/models/reload", "/api/ml/models/{name}/reload",
                    "/api/ml/models/{name}/rollback", "/api/ml/models/{name}/versions/{version}/stage"),
            Rule.reading(Operation.READ_EXPERIMENTS, "/api/ml/ab-test", "/api/ml/ab-test/{id}",
                    "/api/ml/ab-test/{id}/analyze"),
            Rule.of("POST", Operation.CHANGE_EXPERIMENTS, "/api/ml/ab-test/create", "/api/ml/ab-test/{id}/stop"),
            Rule.of("POST", Operation.REPORT_OUTCOMES, "/api/ml/outcomes"),
            Rule.reading(Operation.READ_LEDGER, "/api/ml/ledger/predictions"));

    private final boolean keyForPredict;

    AccessRules(boolean keyForPredict) {
        this.keyForPredict = keyForPredict;
    }

    /**
     * {@return what a call is, empty if no rule knows it}
     * @param method the method
     * @param path the path within the application
     */
    static Optional<Operation> operation(String method, PathContainer path) {
        return RULES.stream().filter((rule) -> rule.matches(method, path)).findFirst().map(Rule::operation);
    }

    /**
     * {@return the scope that a call needs, empty if it is open}
     * @param method the method
     * @param path the path within the application
     */
    public Optional<Scope> scopeFor(String method, PathContainer path) {
        if (method.equals("OPTIONS")) {
            return Optional.empty();
        }
        Optional<Operation> operation = operation(method, path);
        return operation.isPresent() ? operation.get().scope(keyForPredict) : Optional.of(Scope.ADMIN);
    }

    /**
     * {@return whether a path, as it was sent, is one of those that bots call and is
     * open; quickly, and possibly not for the same path in other words}
     * @param path the path within the application, as it was sent
     */
    boolean isOpenPrediction(String path) {
        return !keyForPredict && (PREDICTIONS.contains(path) || (path.startsWith(PREDICTIONS_BY_NAME)
                && path.indexOf('%') < 0 && path.indexOf(';') < 0 && !path.contains("..")));
    }

    Optional<Scope> scopeFor(HttpServletRequest request) {
        return scopeFor(request.getMethod(), ServletRequestPathUtils.parse(request).pathWithinApplication());
    }

    /**
     * Some paths and the operation that they are.
     *
     * @param methods which methods it is about; none for all
     * @param operation what they ask for
     * @param patterns the paths
     */
    private record Rule(Set<String> methods, Operation operation, List<PathPattern> patterns) {

        static Rule any(Operation operation, String... paths) {
            return new Rule(Set.of(), operation, parse(paths));
        }

        static Rule reading(Operation operation, String... paths) {
            return new Rule(READING, operation, parse(paths));
        }

        static Rule of(String method, Operation operation, String... paths) {
            return new Rule(Set.of(method), operation, parse(paths));
        }

        private static List<PathPattern> parse(String... paths) {
            return List.of(paths).stream().map(PathPatternParser.defaultInstance::parse).toList();
        }

        boolean matches(String method, PathContainer path) {
            return (methods.isEmpty() || methods.contains(method))
                    && patterns.stream().anyMatch((pattern) -> pattern.matches(path));
        }

    }

}

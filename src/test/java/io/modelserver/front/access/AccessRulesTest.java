package io.modelserver.front.access;

import java.util.Optional;

import io.modelserver.security.Scope;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.server.PathContainer;

import static org.assertj.core.api.Assertions.assertThat;

class AccessRulesTest {

    @ParameterizedTest
    @CsvSource({ "GET, /health", "HEAD, /health", "GET, /docs", "GET, /openapi.json", "GET, /actuator/prometheus",
            "GET, /api/ml/models", "GET, /api/ml/models/m", "GET, /api/ml/ab-test", "GET, /api/ml/ab-test/e/analyze",
            "GET, /api/ml/models/m/drift", "GET, /api/ml/models/m/versions/v/sample", "GET, /api/ml/routes",
            "GET, /docs/index.html", "GET, /swagger-ui/index.html", "GET, /", "GET, /actuator/health/readiness",
            "OPTIONS, /predict", "OPTIONS, /api/ml/models/reload", "GET, /v2/health/live", "GET, /v2/health/ready",
            "GET, /v2/models/m/ready", "GET, /v2/models/m/versions/v/ready" })
    void whatOnlyReadsIsOpenInAnyCase(String method, String path) {
        assertThat(scope(false, method, path)).isEmpty();
        assertThat(scope(true, method, path)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({ "POST, /predict", "POST, /api/ml/predict", "POST, /api/ml/predict/batch", "GET, /api/ml/windows",
            "PUT, /api/ml/windows/SOL/USDT", "DELETE, /api/ml/windows/BINANCE:XRP-USD", "DELETE, /api/ml/windows//A",
            "GET, /predict", "TRACE, /predict", "GET, /v2", "GET, /v2/models/m", "GET, /v2/models/stats",
            "POST, /v2/models/m/infer", "POST, /v2/models/m/versions/v/infer", "GET, /v2/models/m/versions/v/stats" })
    void predictionsAndWindowsAreOpenUnlessTheyNeedAKey(String method, String path) {
        assertThat(scope(false, method, path)).isEmpty();
        assertThat(scope(true, method, path)).contains(Scope.PREDICT);
    }

    @ParameterizedTest
    @CsvSource({ "POST, /api/ml/models/reload", "POST, /api/ml/models/m/reload", "POST, /api/ml/models/m/rollback",
            "POST, /api/ml/models/m/versions/v/stage", "POST, /api/ml/ab-test/create", "POST, /api/ml/ab-test/e/stop",
            "DELETE, /api/ml/ab-test/e", "POST, /api/ml/ab-test", "PUT, /api/ml/outcomes", "DELETE, /api/ml/outcomes",
            "POST, /api/ml/outcomes/x", "POST, /nowhere", "POST, /", "BREW, /health", "TRACE, /health",
            "POST, /predict/", "POST, /predictx", "POST, /PREDICT", "POST, //predict", "post, /api/ml/models/reload",
            "get, /api/ml/models", "POST, /actuator/health", "PATCH, /api/ml/models/m", "POST, /error",
            "GET, /api/ml/ledger/predictions", "HEAD, /api/ml/ledger/predictions", "GET, /api/ml/models/m/history",
            "POST, /v2/repository/index", "POST, /v2/repository/models/m/load", "POST, /v2/repository/models/m/unload",
            "GET, /v2/nowhere", "GET, /nowhere", "GET, /api/ml/added/later", "GET, /actuator/env",
            "GET, /api/ml/outcomes" })
    void everythingElseNeedsAdmin(String method, String path) {
        assertThat(scope(false, method, path)).contains(Scope.ADMIN);
        assertThat(scope(true, method, path)).contains(Scope.ADMIN);
    }

    @ParameterizedTest
    @CsvSource({ "true", "false" })
    void anOutcomeNeedsAScopeOfItsOwn(boolean keyForPredict) {
        assertThat(scope(keyForPredict, "POST", "/api/ml/outcomes")).contains(Scope.OUTCOME);
    }

    private static Optional<Scope> scope(boolean keyForPredict, String method, String path) {
        return new AccessRules(keyForPredict).scopeFor(method, PathContainer.parsePath(path));
    }

}

package io.modelserver.front.http;

import io.modelserver.front.problem.ProblemCode;
import io.modelserver.front.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Refuses queries that name a parameter twice. Spring would join the values by a comma,
 * which for {@code timeframe=1m&timeframe=2m} is a series that nobody asks for.
 */
public final class RepeatedParameters implements HandlerInterceptor {

    /** Creates the interceptor, which keeps nothing between requests. */
    public RepeatedParameters() {
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getQueryString() != null) {
            request.getParameterMap().forEach((name, values) -> {
                if (values.length > 1) {
                    throw new ProblemException(ProblemCode.MALFORMED_REQUEST,
                            "the query has %d values for %s, expected one".formatted(values.length, name));
                }
            });
        }
        return true;
    }

}

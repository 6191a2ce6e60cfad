package io.modelserver.front.access;

import java.io.IOException;

import io.modelserver.front.problem.ProblemCode;
import io.modelserver.front.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.DefaultCorsProcessor;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Refuses the pages of other origins with a problem, as everything else is refused. */
final class ProblemCorsProcessor extends DefaultCorsProcessor {

    private final HandlerExceptionResolver problems;

    ProblemCorsProcessor(HandlerExceptionResolver problems) {
        this.problems = problems;
    }

    @Override
    public boolean processRequest(@Nullable CorsConfiguration config, HttpServletRequest request,
            HttpServletResponse response) throws IOException {
        boolean allowed = super.processRequest(config, request, response);
        if (!allowed) {
            problems.resolveException(request, response, null, new ProblemException(ProblemCode.FORBIDDEN,
                    "pages of this origin, or with this method or header, may not call this server"));
        }
        return allowed;
    }

    @Override
    protected void rejectRequest(ServerHttpResponse response) {
        // The problem is the answer.
    }

}

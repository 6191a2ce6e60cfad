package io.modelserver.front.access;

import io.modelserver.front.problem.ProblemCode;
import io.modelserver.front.problem.ProblemException;
import io.modelserver.security.Scope;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpHeaders;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Answers refused callers before their body is read. */
final class AccessRefusal implements AuthenticationEntryPoint, AccessDeniedHandler, RequestRejectedHandler {

    private final AccessRules rules;

    private final boolean keysExist;

    private final HandlerExceptionResolver problems;

    AccessRefusal(AccessRules rules, boolean keysExist, HandlerExceptionResolver problems) {
        this.rules = rules;
        this.keysExist = keysExist;
        this.problems = problems;
    }

    /** The caller is unknown. */
    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException ex) {
        if (!keysExist) {
            answer(request, response, ProblemCode.FORBIDDEN,
                    "changes are accepted only from this host (127.0.0.1), not through a proxy or from another site, "
                            + "until the server has API keys");
            return;
        }
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        answer(request, response, ProblemCode.UNAUTHENTICATED,
                (request.getHeader(HttpHeaders.AUTHORIZATION) == null)
                        ? "this call needs a key of scope %s: Authorization: Bearer <key>".formatted(scope(request))
                        : "the key in Authorization is not one that this server knows");
    }

    /** The caller is known but lacks the scope. */
    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException ex) {
        answer(request, response, ProblemCode.FORBIDDEN, "this call needs a key of scope %s, which '%s' does not have"
            .formatted(scope(request), request.getRemoteUser()));
    }

    /** A path that may mean one thing here and another behind. */
    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, RequestRejectedException ex) {
        answer(request, response, ProblemCode.MALFORMED_REQUEST,
                "the path contains something that no path of this server has");
    }

    private String scope(HttpServletRequest request) {
        return rules.scopeFor(request).orElse(Scope.ADMIN).label();
    }

    private void answer(HttpServletRequest request, HttpServletResponse response, ProblemCode code, String detail) {
        problems.resolveException(request, response, null, new ProblemException(code, detail));
    }

}

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
            answer(request, response, ProblemCode.FORBIDDEN, Admission.onlyFromHere());
            return;
        }
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        answer(request, response, ProblemCode.UNAUTHENTICATED,
                Admission.unknown(request.getHeader(HttpHeaders.AUTHORIZATION) == null, scope(request)));
    }

    /** The caller is known but lacks the scope. */
    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException ex) {
        answer(request, response, ProblemCode.FORBIDDEN, Admission.lacks(scope(request), request.getRemoteUser()));
    }

    /** A path that may mean one thing here and another behind. */
    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, RequestRejectedException ex) {
        answer(request, response, ProblemCode.MALFORMED_REQUEST,
                "the path contains something that no path of this server has");
    }

    private Scope scope(HttpServletRequest request) {
        return rules.scopeFor(request).orElse(Scope.ADMIN);
    }

    private void answer(HttpServletRequest request, HttpServletResponse response, ProblemCode code, String detail) {
        problems.resolveException(request, response, null, new ProblemException(code, detail));
    }

}

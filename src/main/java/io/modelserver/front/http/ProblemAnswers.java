package io.modelserver.front.http;

import java.net.URI;
import java.util.Map;

import io.modelserver.front.problem.ProblemCode;
import org.slf4j.MDC;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;

/** Builds the problem+json answers. */
public final class ProblemAnswers {

    private static final String RETRY_AFTER_SECONDS = "1";

    private ProblemAnswers() {
    }

    static ProblemDetail detail(ProblemCode code, HttpStatusCode status, String detail, Map<String, Object> members) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setType(URI.create(code.type()));
        problem.setTitle(code.title());
        problem.setProperty("code", code.name());
        String request = MDC.get(RequestIdFilter.KEY);
        if (request != null) {
            problem.setProperty(RequestIdFilter.KEY, request);
        }
        members.forEach(problem::setProperty);
        return problem;
    }

    static ResponseEntity<Object> answer(ProblemCode code, String detail, Map<String, Object> members) {
        return answer(detail(code, code.status(), detail, members), new HttpHeaders());
    }

    /**
     * A problem is JSON whatever the caller accepts: an error that can't be reported
     * would be worse.
     */
    static ResponseEntity<Object> answer(ProblemDetail problem, HttpHeaders headers) {
        if (problem.getStatus() == 503) {
            headers.set(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        return ResponseEntity.status(problem.getStatus()).headers(headers).body(problem);
    }

}

package io.modelserver.front.http;

import java.io.IOException;
import java.util.Map;

import io.modelserver.front.problem.ProblemCode;
import io.modelserver.front.problem.ProblemException;
import io.modelserver.ledger.store.LedgerUnavailableException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;

/**
 * Turns every exception into a problem; what was not foreseen goes to the log and tells
 * the caller nothing.
 */
@RestControllerAdvice
public final class ProblemAdvice extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    ProblemAdvice() {
    }

    @ExceptionHandler
    ResponseEntity<Object> problem(ProblemException ex) {
        return ProblemAnswers.answer(ex.code(), ex.detail(), ex.members());
    }

    /** The client disconnected or was too slow: nobody is left to read an answer. */
    @ExceptionHandler
    void clientGone(IOException ex) {
        log.debug("the connection broke", ex);
    }

    @ExceptionHandler
    ResponseEntity<Object> undecodable(InvalidParameterException ex) {
        return ProblemAnswers.answer(ProblemCode.MALFORMED_REQUEST, "the query can't be decoded", Map.of());
    }

    /** Where the answer has begun, the connection must break, or it would seem whole. */
    @ExceptionHandler
    ResponseEntity<Object> withoutLedger(LedgerUnavailableException ex, HttpServletResponse response) {
        if (response.isCommitted()) {
            throw ex;
        }
        return ProblemAnswers.answer(ProblemCode.LEDGER_UNAVAILABLE, String.valueOf(ex.getMessage()), Map.of());
    }

    @ExceptionHandler
    @Nullable ResponseEntity<Object> unexpected(Exception ex, HttpServletRequest request, HttpServletResponse response) {
        if (response.isCommitted()) {
            log.debug("failed after the answer had begun", ex);
            return null;
        }
        log.error("{} {} failed", request.getMethod(), request.getRequestURI().replaceAll("[^ -~]", "?"), ex);
        return ProblemAnswers.answer(ProblemCode.INTERNAL_ERROR, "the server failed; its log says why", Map.of());
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(HttpMessageNotReadableException ex,
            HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException problem) {
                return problem(problem);
            }
            if (cause instanceof JacksonException unreadable) {
                return ProblemAnswers.answer(ProblemCode.MALFORMED_REQUEST, UnreadableBody.describe(unreadable),
                        Map.of());
            }
        }
        Object handler = request.getAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE,
                RequestAttributes.SCOPE_REQUEST);
        return ProblemAnswers.answer(ProblemCode.MALFORMED_REQUEST, UnreadableBody.missing(handler), Map.of());
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleTypeMismatch(TypeMismatchException ex, HttpHeaders headers,
            HttpStatusCode status, WebRequest request) {
        return ProblemAnswers.answer(ProblemCode.MALFORMED_REQUEST, "%s: expected %s, not '%s'"
            .formatted(ex.getPropertyName(), UnreadableBody.expected(ex.getRequiredType()), ex.getValue()), Map.of());
    }

    /** The server stops while the request waits. */
    @ExceptionHandler
    ResponseEntity<Object> interrupted(InterruptedException ex) {
        Thread.currentThread().interrupt();
        return ProblemAnswers.answer(ProblemCode.SHUTTING_DOWN, "the server is stopping", Map.of());
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleNoResourceFoundException(NoResourceFoundException ex,
            HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return ProblemAnswers.answer(ProblemCode.NOT_FOUND, "there is nothing at this path; /docs lists the paths",
                Map.of());
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMediaTypeNotSupported(HttpMediaTypeNotSupportedException ex,
            HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return ProblemAnswers.answer(
                ProblemAnswers.detail(ProblemCode.UNSUPPORTED_MEDIA_TYPE, status,
                        "expected Content-Type: application/json, got %s"
                            .formatted((ex.getContentType() != null) ? ex.getContentType() : "none"),
                        Map.of()),
                headers);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(Exception ex, @Nullable Object body,
            HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (request instanceof ServletWebRequest web && web.getResponse() != null && web.getResponse().isCommitted()) {
            return null;
        }
        String detail = (ex instanceof ErrorResponse error) ? error.getBody().getDetail() : null;
        if (detail == null) {
            detail = "the request can't be served";
        }
        return ProblemAnswers.answer(ProblemAnswers.detail(ProblemCode.of(status.value()), status, detail, Map.of()),
                headers);
    }

}

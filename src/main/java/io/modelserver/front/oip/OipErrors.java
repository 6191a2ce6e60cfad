package io.modelserver.front.oip;

import io.modelserver.front.http.Paths;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/**
 * Errors as the protocol has them: its clients look for a field {@code error}. What is
 * refused before it gets to the door, by whomever, is told in the same form. Before the
 * advice for all other calls, which takes every exception.
 */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
final class OipErrors implements ResponseBodyAdvice<Object> {

    private static final String RETRY_AFTER_SECONDS = "1";

    OipErrors() {
    }

    @ExceptionHandler
    ResponseEntity<ErrorJson> refused(OipRefusal ex) {
        ResponseEntity.BodyBuilder answer = ResponseEntity.status(ex.httpStatus())
            .contentType(MediaType.APPLICATION_JSON);
        if (ex.httpStatus() == HttpStatus.SERVICE_UNAVAILABLE.value()) {
            answer.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        return answer.body(new ErrorJson(String.valueOf(ex.getMessage())));
    }

    @Override
    public boolean supports(MethodParameter returnType, Class<? extends HttpMessageConverter<?>> converterType) {
        return returnType.getParameterType() == ResponseEntity.class;
    }

    @Override
    public @Nullable Object beforeBodyWrite(@Nullable Object body, MethodParameter returnType, MediaType contentType,
            Class<? extends HttpMessageConverter<?>> converterType, ServerHttpRequest request,
            ServerHttpResponse response) {
        if (!(body instanceof ProblemDetail problem) || !(request instanceof ServletServerHttpRequest servlet)
                || !isOfProtocol(servlet.getServletRequest())) {
            return body;
        }
        response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
        response.setStatusCode(status(problem.getStatus()));
        String detail = problem.getDetail();
        return new ErrorJson((detail != null) ? detail : "the request can't be served");
    }

    private static boolean isOfProtocol(HttpServletRequest request) {
        return (request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String uri)
                ? Paths.isOfInference(uri.substring(Math.min(uri.length(), request.getContextPath().length())))
                : Paths.isOfInference(Paths.withinApplication(request));
    }

    /**
     * The protocol tells a request that can't be read from one that can't be used by no
     * status.
     */
    private static HttpStatusCode status(int status) {
        return HttpStatusCode
            .valueOf((status == HttpStatus.UNPROCESSABLE_CONTENT.value()) ? HttpStatus.BAD_REQUEST.value() : status);
    }

}

package io.modelserver.front.http;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

import io.modelserver.front.problem.ProblemCode;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.tomcat.util.res.StringManager;
import org.jspecify.annotations.Nullable;

/**
 * Answers what Tomcat rejects before the application sees it, e.g. a request line that is
 * not HTTP.
 */
public final class ProblemReportValve extends ErrorReportValve {

    /** Tomcat answers 400 then too, and tells only its own words. */
    private static final String TOO_LONG = StringManager.getManager("org.apache.coyote.http11")
        .getString("iib.requestheadertoolarge.error");

    /** Without the number, which follows it. */
    private static final String TOO_MANY = StringManager.getManager("org.apache.tomcat.util.http")
        .getString("headers.maxCountFail", "\0")
        .split("\0", -1)[0];

    /** Called by Tomcat, by the name of the class. */
    public ProblemReportValve() {
    }

    @Override
    protected void report(Request request, Response response, @Nullable Throwable throwable) {
        if (response.getStatus() < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        String detail = (response.getStatus() == HttpServletResponse.SC_NOT_FOUND) ? "there is nothing at this path"
                : "the request is not HTTP that this server accepts";
        if (throwable != null && isOfTooLargeHeaders(String.valueOf(throwable.getMessage()))) {
            response.setStatus(ProblemCode.HEADERS_TOO_LARGE.status().value());
            detail = "the request line and headers are too long (server.max-http-request-header-size), or too many";
        }
        int status = response.getStatus();
        ProblemCode code = ProblemCode.of(status);
        try {
            boolean inference = isOfInference(request);
            response.setContentType(inference ? "application/json" : "application/problem+json");
            response.setCharacterEncoding(StandardCharsets.UTF_8);
            Writer writer = response.getReporter();
            if (writer != null) {
                writer.write(inference ? "{\"error\":\"" + detail + "\"}"
                        : "{\"type\":\"" + code.type() + "\",\"title\":\"" + code.title() + "\",\"status\":" + status
                                + ",\"detail\":\"" + detail + "\",\"code\":\"" + code.name() + "\"}");
                response.finishResponse();
            }
        }
        catch (IOException | IllegalStateException ex) {
            container.getLogger().debug("an error could not be reported", ex);
        }
    }

    /** Of a request line that can't be read there may be no path. */
    private static boolean isOfInference(Request request) {
        String path = request.getRequestURI();
        return path != null && Paths.isOfInference(path);
    }

    private static boolean isOfTooLargeHeaders(String message) {
        return message.equals(TOO_LONG) || message.startsWith(TOO_MANY);
    }

}

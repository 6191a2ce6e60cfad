package io.modelserver.web;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;

/**
 * Answers what Tomcat rejects before the application sees it, e.g. a request line that is
 * not HTTP.
 */
public final class ProblemReportValve extends ErrorReportValve {

    @Override
    protected void report(Request request, Response response, @Nullable Throwable throwable) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        ProblemCode code = ProblemCode.of(status);
        try {
            response.setContentType("application/problem+json");
            response.setCharacterEncoding(StandardCharsets.UTF_8);
            Writer writer = response.getReporter();
            if (writer != null) {
                writer
                    .write("""
                            {"type":"%s","title":"%s","status":%d,"detail":"the request is no HTTP that this server accepts",\
                            "code":"%s"}"""
                        .formatted(code.type(), code.title(), status, code.name()));
                response.finishResponse();
            }
        }
        catch (IOException | IllegalStateException ex) {
            container.getLogger().debug("an error could not be reported", ex);
        }
    }

}

package io.modelserver.front.problem;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.modelserver.front.http.ProblemAnswers;
import io.modelserver.serving.FieldProblem;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A problem as the document describes it. {@link ProblemAnswers} makes it of Spring's
 * {@code ProblemDetail}.
 */
@Schema(name = "Problem")
public record ProblemJson(String type, String title, int status, String detail,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String instance, String code,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Schema(
                description = "as the header `X-Request-Id` of the answer") @Nullable String requestId,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Schema(
                description = "steps that are there, in `WINDOW_FILLING`") @Nullable Integer have,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Schema(
                description = "steps that the model looks at") @Nullable Integer need,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<FieldProblem> errors) {
}

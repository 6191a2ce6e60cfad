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
 *
 * @param type a URN, one per code
 * @param title the code in words
 * @param status of HTTP
 * @param detail a sentence for the caller: what was expected, what came
 * @param instance the path of the request, null if it is not known
 * @param code one of {@link ProblemCode}, by which programs tell problems apart
 * @param requestId as the header {@code X-Request-Id} of the answer
 * @param have steps that are there, only while a window fills
 * @param need steps that the model looks at, only while a window fills
 * @param errors the fields that are wrong, where single ones can be named
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

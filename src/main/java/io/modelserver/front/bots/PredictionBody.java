package io.modelserver.front.bots;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import io.modelserver.front.openapi.ApiDocumentation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import org.springframework.http.MediaType;

/** Documents the body of a call that makes one prediction. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@RequestBody(required = true, content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE,
        schema = @Schema(implementation = PredictionRequestJson.class),
        examples = { @ExampleObject(name = "numbers", ref = ApiDocumentation.EXAMPLES + "predict"),
                @ExampleObject(name = "sequence", ref = ApiDocumentation.EXAMPLES + "sequence"),
                @ExampleObject(name = "step", ref = ApiDocumentation.EXAMPLES + "step"),
                @ExampleObject(name = "boosted_trees", ref = ApiDocumentation.EXAMPLES + "boosted_trees"),
                @ExampleObject(name = "ensemble", ref = ApiDocumentation.EXAMPLES + "ensemble"),
                @ExampleObject(name = "return_regressor", ref = ApiDocumentation.EXAMPLES + "return_regressor"),
                @ExampleObject(name = "mpd_transformer", ref = ApiDocumentation.EXAMPLES + "mpd_transformer"),
                @ExampleObject(name = "tlob_transformer", ref = ApiDocumentation.EXAMPLES + "tlob_transformer") }))
@interface PredictionBody {

}

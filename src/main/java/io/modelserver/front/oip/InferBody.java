package io.modelserver.front.oip;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import io.modelserver.front.openapi.ApiDocumentation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import org.springframework.http.MediaType;

/** Documents the bodies of a call for inference. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@RequestBody(required = true,
        content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE,
                schema = @Schema(implementation = InferRequestJson.class),
                examples = @ExampleObject(name = "infer", ref = ApiDocumentation.EXAMPLES + "infer")))
@ApiResponse(responseCode = "200",
        description = "The tensors; those that are wanted in binary are behind the object, whose length is in the header "
                + "`Inference-Header-Content-Length`",
        content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE,
                schema = @Schema(implementation = InferAnswerJson.class)))
@interface InferBody {

}

package io.modelserver.prediction;

import java.util.OptionalLong;

import io.modelserver.inference.ModelInput;
import io.modelserver.inference.ModelMetadata;
import org.jspecify.annotations.Nullable;

/**
 * A request as a model sees it. It is kept until there is an answer, so that control can
 * be given the same where a variant fails: to decode a step again would count it twice.
 *
 * @param request what was asked
 * @param route where it goes
 * @param decodedFor the version whose inputs it has the shape of
 * @param input what the model looks at
 * @param windowFilled share of the window that was there, null if the request held all of
 * it
 * @param decodeNanos how long it took to make the input of the request's JSON
 * @param eventMillis when the market was so, in milliseconds since 1970, empty if the
 * request does not tell
 */
record Decoded(PredictionRequest request, Route route, ModelMetadata decodedFor, ModelInput input,
        @Nullable Double windowFilled, long decodeNanos, OptionalLong eventMillis) {
}

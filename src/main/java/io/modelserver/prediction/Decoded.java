package io.modelserver.prediction;

import java.util.OptionalLong;

import io.modelserver.inference.ModelInput;
import io.modelserver.inference.ModelMetadata;
import io.modelserver.window.WindowCoverage;
import org.jspecify.annotations.Nullable;

/**
 * A request as a model sees it. It is kept until there is an answer, so that control can
 * be given the same where a variant fails: to decode a step again would count it twice.
 *
 * @param request what was asked
 * @param route where it goes
 * @param decodedFor the version whose inputs it has the shape of
 * @param input what the model looks at
 * @param window how much of the window was there, null if the request held all of it
 * @param decodeNanos how long it took to read the request from the body and to make the
 * input of it
 * @param eventMillis when the market was so, in milliseconds since 1970, empty if the
 * request does not tell
 */
record Decoded(PredictionRequest request, Route route, ModelMetadata decodedFor, ModelInput input,
        @Nullable WindowCoverage window, long decodeNanos, OptionalLong eventMillis) {
}

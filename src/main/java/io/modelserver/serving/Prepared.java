package io.modelserver.serving;

import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelMetadata;

/**
 * A query with its input. It is kept until there is an answer, so that control can be
 * given the same where a variant fails: the source is not asked again.
 *
 * @param query what was asked
 * @param passage how it goes through the server
 * @param preparedFor the version whose inputs it has the shape of
 * @param input what the version looks at
 * @param inputNanos how long the source took to make it
 * @param <A> what the answer is
 */
record Prepared<A>(Query<A> query, Passage passage, ModelMetadata preparedFor, ModelInput input, long inputNanos) {
}

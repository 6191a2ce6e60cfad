package io.modelserver.serving;

/**
 * A question to a model.
 *
 * @param addressee who shall answer
 * @param source brings the input when the version is known
 * @param reader makes the answer of what the version returns
 * @param <A> what the answer is
 */
public record Query<A>(Addressee addressee, InputSource source, OutputReader<A> reader) {
}

package io.modelserver.signal;

import io.modelserver.model.ModelId;

/**
 * What a member of an ensemble said.
 *
 * @param version the version that answered
 * @param signal what it said
 */
public record MemberAnswer(ModelId version, Signal signal) {
}

package io.modelserver.registry.live;

import io.modelserver.batching.InstanceCount;
import io.modelserver.model.ModelId;
import io.modelserver.registry.store.VersionState;

/**
 * A version whose instances run.
 *
 * @param id the version
 * @param state LIVE, or DRAINING if it gets no more requests
 * @param queued requests that wait for an instance
 * @param instances the state of its instances
 */
public record RunningVersion(ModelId id, VersionState state, int queued, InstanceCount instances) {
}

package io.modelserver.front.operators;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.modelserver.registry.metadata.Ensemble;
import org.jspecify.annotations.Nullable;

/**
 * How {@link io.modelserver.registry.store.VersionStatus} differs on the wire: an error
 * is there only where there is one, and members only where there are any.
 */
public interface VersionStatusJson {

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Nullable String error();

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    List<Ensemble.Member> members();

}

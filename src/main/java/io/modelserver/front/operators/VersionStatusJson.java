package io.modelserver.front.operators;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.modelserver.registry.metadata.Ensemble;
import org.jspecify.annotations.Nullable;

/**
 * How {@link io.modelserver.registry.store.VersionStatus} differs on the wire: an error
 * and a limit to batches are there only where there is one, and members only where there
 * are any.
 */
public interface VersionStatusJson {

    /**
     * {@return why the version can't be served, null if nothing is known against it}
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Nullable String error();

    /**
     * {@return the most requests that the model file takes at once, null if it sets no
     * limit or is not loaded}
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Nullable Integer maxBatchSize();

    /**
     * {@return what it consists of if it is an ensemble, else none}
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    List<Ensemble.Member> members();

}

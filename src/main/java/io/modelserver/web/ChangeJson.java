package io.modelserver.web;

import io.modelserver.front.problem.ProblemCode;
import io.modelserver.front.problem.ProblemException;
import io.modelserver.registry.ChangeResult;
import org.jspecify.annotations.Nullable;

/** The answer to a reload, a change of stage and a rollback. */
record ChangeJson(String status, String message, String modelName, String version, @Nullable String previousVersion,
        long loadMs) {

    static ChangeJson of(ChangeResult result) {
        return switch (result) {
            case ChangeResult.Done done -> new ChangeJson("success", done.message(), done.id().name(),
                    done.id().version(), done.previousVersion(), done.loadMillis());
            case ChangeResult.ModelNotFound(String name) ->
                throw new ProblemException(ProblemCode.MODEL_NOT_FOUND, "there is no model '%s'".formatted(name));
            case ChangeResult.VersionNotFound(var id) -> throw new ProblemException(ProblemCode.VERSION_NOT_FOUND,
                    "model '%s' has no version '%s'".formatted(id.name(), id.version()));
            case ChangeResult.Rejected(var id, String reason) -> throw new ProblemException(ProblemCode.MODEL_REJECTED,
                    "%s was rejected, nothing has changed: %s".formatted(id, reason));
            case ChangeResult.Conflict(String reason) -> throw new ProblemException(ProblemCode.CONFLICT, reason);
            case ChangeResult.NotStored(String reason) ->
                throw new ProblemException(ProblemCode.INSUFFICIENT_STORAGE, reason);
        };
    }

}

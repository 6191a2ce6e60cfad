package io.modelserver.front.operators;

import java.util.Map;
import java.util.stream.Collectors;

import io.modelserver.front.problem.ProblemCode;
import io.modelserver.front.problem.ProblemException;
import io.modelserver.registry.stage.ChangeResult;
import org.jspecify.annotations.Nullable;

/** The answer to a reload, a change of stage and a rollback. */
record ChangeJson(String status, String message, String modelName, String version, @Nullable String previousVersion,
        long loadMs) {

    /**
     * The same with a warning: whoever misspells {@code version} gets another one than
     * they think.
     * @param others fields of the request that nobody reads
     */
    ChangeJson ignoring(@Nullable Map<String, @Nullable Object> others) {
        if (others == null || others.isEmpty()) {
            return this;
        }
        String warning = "; the body's %s was ignored, the version is read from 'version'".formatted(
                others.keySet().stream().sorted().map((field) -> "'" + field + "'").collect(Collectors.joining(", ")));
        return new ChangeJson(status, message + warning, modelName, version, previousVersion, loadMs);
    }

    static ChangeJson of(ChangeResult result) {
        return switch (result) {
            case ChangeResult.Done done -> new ChangeJson("success", done.message(), done.id().name(),
                    done.id().version(), done.previousVersion(), done.loadMillis());
            case ChangeResult.ModelNotFound(String name) -> throw ProblemException.modelNotFound(name);
            case ChangeResult.VersionNotFound(var id) -> throw ProblemException.versionNotFound(id);
            case ChangeResult.Rejected(var id, String reason) -> throw ProblemException.rejected(id, reason);
            case ChangeResult.Conflict(String reason) -> throw new ProblemException(ProblemCode.CONFLICT, reason);
            case ChangeResult.NotStored(String reason) ->
                throw new ProblemException(ProblemCode.INSUFFICIENT_STORAGE, reason);
        };
    }

}

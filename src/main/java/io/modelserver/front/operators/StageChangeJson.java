package io.modelserver.front.operators;

import java.util.Locale;

import io.modelserver.front.json.Timestamps;
import io.modelserver.registry.store.StageChange;
import org.jspecify.annotations.Nullable;

/** One change of a version's stage, as {@code history.jsonl} has it. */
record StageChangeJson(String at, String who, String action, String version, String from, String to,
        @Nullable String previousVersion, @Nullable String why) {

    static StageChangeJson of(StageChange change) {
        return new StageChangeJson(Timestamps.text(change.at()), change.author().who(),
                change.action().name().toLowerCase(Locale.ROOT), change.version(), change.from().name(),
                change.to().name(), change.previousVersion(), change.author().why());
    }

}

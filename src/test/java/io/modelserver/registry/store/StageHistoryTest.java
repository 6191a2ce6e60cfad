package io.modelserver.registry.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

import io.modelserver.registry.metadata.Stage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class StageHistoryTest {

    @TempDir
    Path model;

    @Test
    void aLineSaysWhoWhenFromToAndWhy() throws Exception {
        history().append(new StageChange(Instant.parse("2026-01-02T03:04:05Z"), StageChange.Action.PROMOTE, "2",
                Stage.STAGING, Stage.PRODUCTION, "1", new ChangeAuthor("alice", "better \"F1\"")));

        assertThat(Files.readString(model.resolve("history.jsonl"))).isEqualTo("""
                {"at":"2026-01-02T03:04:05Z","who":"alice","action":"promote","version":"2","from":"STAGING",\
                "to":"PRODUCTION","previous_version":"1","why":"better \\"F1\\""}
                """);
    }

    @Test
    void theVersionBeforeIsThatOfTheLastLineAboutTheOneInProduction() throws Exception {
        promoted("1", null);
        promoted("2", "1");
        promoted("3", "2");

        assertThat(history().before("3")).hasValue("2");
        assertThat(history().before("2")).hasValue("1");
        assertThat(history().before("1")).isEmpty();
        assertThat(history().before("9")).isEmpty();
    }

    @Test
    void afterARetirementTheRetiredVersionIsTheOneBefore() throws Exception {
        promoted("1", null);
        history().append(new StageChange(Instant.EPOCH, StageChange.Action.RETIRE, "1", Stage.PRODUCTION,
                Stage.ARCHIVED, "1", ChangeAuthor.registry("")));

        assertThat(history().before(null)).hasValue("1");
    }

    @Test
    void aLineThatACrashCutShortIsPassedOver() throws Exception {
        promoted("2", "1");
        Files.writeString(model.resolve("history.jsonl"), "{\"at\":\"2026-01-0", StandardOpenOption.APPEND);
        promoted("3", "2");

        assertThat(history().before("3")).hasValue("2");
        assertThat(history().before("2")).hasValue("1");
    }

    private StageHistory history() {
        return new StageHistory(model);
    }

    private void promoted(String version, @Nullable String before) throws Exception {
        history().append(new StageChange(Instant.EPOCH, StageChange.Action.PROMOTE, version, Stage.NONE,
                Stage.PRODUCTION, before, ChangeAuthor.registry("")));
    }

}

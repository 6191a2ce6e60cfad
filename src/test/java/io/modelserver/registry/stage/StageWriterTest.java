package io.modelserver.registry.stage;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

import io.modelserver.fixtures.ModelsFolder;
import io.modelserver.fixtures.RealEngines;
import io.modelserver.model.ModelId;
import io.modelserver.registry.metadata.Stage;
import io.modelserver.registry.store.ChangeAuthor;
import io.modelserver.registry.store.RegistryFolder;
import io.modelserver.registry.store.StageChange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.spy;

class StageWriterTest {

    private static final String MODEL = "m";

    private static final ChangeAuthor OPERATOR = new ChangeAuthor("operator", "a test");

    @TempDir
    Path temp;

    private ModelsFolder folder;

    private RegistryFolder repository;

    private StageWriter writer;

    @BeforeEach
    void openRegistry() throws Exception {
        folder = new ModelsFolder(temp).version(MODEL, "1", "0.1")
            .version(MODEL, "2", "0.2")
            .version(MODEL, "3", "0.3")
            .mark(MODEL, "production", "1")
            .mark(MODEL, "staging", "2");
        repository = spy(new RegistryFolder(temp, 1_000_000, RealEngines.LIST));
        writer = new StageWriter(repository, Clock.systemUTC(), (model, change) -> {
        });
    }

    @Test
    void aPromotionReadsTheMarkersOnce() throws Exception {
        Optional<String> before = writer.promote(new ModelId(MODEL, "2"), StageChange.Action.PROMOTE, OPERATOR);

        assertThat(before).contains("1");
        then(repository).should().marked(MODEL);
        then(repository).should(never()).inStage(any(), any());
        then(repository).should(never()).stages(any());
    }

    @Test
    void aMarkerThatIsChangedMeanwhileDoesNotSplitAPromotion() throws Exception {
        afterTheMarkersAreRead(() -> folder.mark(MODEL, "production", "3").mark(MODEL, "staging", ""));

        Optional<String> before = writer.promote(new ModelId(MODEL, "2"), StageChange.Action.PROMOTE, OPERATOR);

        assertThat(before).contains("1");
        assertThat(repository.history(MODEL).changes()).singleElement().satisfies((change) -> {
            assertThat(change.from()).isEqualTo(Stage.STAGING);
            assertThat(change.previousVersion()).isEqualTo("1");
        });
        assertThat(repository.stages(MODEL)).containsEntry("1", Stage.STAGING)
            .containsEntry("2", Stage.PRODUCTION)
            .containsEntry("3", Stage.NONE);
    }

    @Test
    void aMarkerThatIsChangedMeanwhileDoesNotSplitARetirement() throws Exception {
        afterTheMarkersAreRead(() -> folder.mark(MODEL, "staging", "1"));

        writer.move(new ModelId(MODEL, "1"), Stage.ARCHIVED, OPERATOR);

        assertThat(repository.history(MODEL).changes()).singleElement().satisfies((change) -> {
            assertThat(change.from()).isEqualTo(Stage.PRODUCTION);
            assertThat(change.previousVersion()).isEqualTo("1");
        });
        assertThat(repository.isEmptied(MODEL)).isTrue();
    }

    private void afterTheMarkersAreRead(Edit edit) {
        willAnswer((call) -> {
            Object marked = call.callRealMethod();
            edit.make();
            return marked;
        }).willCallRealMethod().given(repository).marked(MODEL);
    }

    /** What somebody else does in the folder. */
    @FunctionalInterface
    private interface Edit {

        Object make() throws IOException;

    }

}

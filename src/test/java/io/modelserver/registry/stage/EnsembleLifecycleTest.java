package io.modelserver.registry.stage;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import io.modelserver.fixtures.ManualClock;
import io.modelserver.fixtures.ServedModels;
import io.modelserver.model.ModelId;
import io.modelserver.registry.load.ModelLease;
import io.modelserver.registry.metadata.Stage;
import io.modelserver.registry.store.ChangeAuthor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Ensembles of the models y and z, which have the stages of any version. */
@Timeout(120)
class EnsembleLifecycleTest {

    private static final ChangeAuthor NOBODY = new ChangeAuthor("test", null);

    private static final String TWO = "{\"members\": [{\"model\": \"y\"}, {\"model\": \"z\"}]}";

    private static final String PINNED = "{\"members\": [{\"model\": \"y\", \"version\": \"1\"},"
            + " {\"model\": \"z\", \"version\": \"2\"}], \"min_members\": 2}";

    @TempDir
    Path temp;

    private ServedModels models;

    @BeforeEach
    void writeMembers() throws Exception {
        models = new ServedModels(temp, new ManualClock());
        models.writeProduction("y", 2).writeProduction("z", 2).write("z", "2", 2);
        models.passes("y", "1").answer(0, 0, 10);
        models.passes("z", "1").answer(0, 0, 10);
    }

    @AfterEach
    void nobodyHoldsAVersion() {
        models.close();
    }

    @Test
    void atTheStartMembersAreLoadedBeforeTheirEnsembleWhateverTheirNames() throws Exception {
        models.writeEnsemble(ServedModels.MODEL, "1", TWO).serve("1");

        assertThat(models.registry().isServing(ServedModels.version("1"))).isTrue();
    }

    @Test
    void anEnsembleOfEnsemblesIsLoadedLast() throws Exception {
        models.writeEnsemble("n", "1", TWO).folder().mark("n", "production", "1");
        models.writeEnsemble(ServedModels.MODEL, "1", "{\"members\": [{\"model\": \"n\"}]}").serve("1");

        assertThat(models.registry().isServing(ServedModels.version("1"))).isTrue();
    }

    @Test
    void membersThatAreVersionsAreLoadedAndStay() throws Exception {
        models.writeEnsemble(ServedModels.MODEL, "1", PINNED).serve("1");
        ModelId member = new ModelId("z", "2");

        assertThat(models.registry().lease(member)).isPresent().get().satisfies(ModelLease::close);
        for (int i = 10; i < 25; i++) {
            String version = Integer.toString(i);
            models.write(version, 2).load(version);
        }
        assertThat(models.registry().lease(member)).isPresent().get().satisfies(ModelLease::close);
        assertThat(models.lifecycle().changeStage(member, Stage.ARCHIVED, NOBODY))
            .isInstanceOf(ChangeResult.Conflict.class);
    }

    @Test
    void anEnsembleIsPromotedAndRolledBack() throws Exception {
        models.write("1", 2).serve("1");
        models.writeEnsemble(ServedModels.MODEL, "2", TWO);

        promote("2");
        assertThat(models.registry().isServing(ServedModels.version("2"))).isTrue();

        assertThat(models.lifecycle().rollback(ServedModels.MODEL, NOBODY)).isInstanceOf(ChangeResult.Done.class);
        assertThat(models.registry().isServing(ServedModels.version("1"))).isTrue();
    }

    @Test
    void anEnsembleThatIsRetiredLetsGoOfItsMembers() throws Exception {
        models.writeEnsemble(ServedModels.MODEL, "1", PINNED).serve("1");

        assertThat(models.lifecycle().changeStage(ServedModels.version("1"), Stage.ARCHIVED, NOBODY))
            .isInstanceOf(ChangeResult.Done.class);
        assertThat(models.lifecycle().changeStage(new ModelId("z", "2"), Stage.ARCHIVED, NOBODY))
            .isInstanceOf(ChangeResult.Done.class);
    }

    @Test
    void whereTooFewMembersAreThereItIsRefused() throws Exception {
        models.lifecycle().loadProduction();
        models.writeEnsemble(ServedModels.MODEL, "1",
                "{\"members\": [{\"model\": \"y\"}, {\"model\": \"x\"}], \"min_members\": 2}");

        assertRejected("1", "1 of its 2 members can answer, and it needs 2", "x: there is no model 'x'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "\"task\": \"raw\", \"outputs\": {\"level\": 1}|its task is raw",
            "\"outputs\": {\"level\": 1}, \"task\": \"regression\"|say in 'decide' in its metadata.json" })
    void aMemberThatGivesNoDirectionIsRefused(String metadata, String reason) throws Exception {
        writeMember(metadata);

        assertRejected("1", "ensemble.json: x gives no direction, so that it can't vote", reason);
    }

    @Test
    void aRegressorWithARuleForTheDirectionMayVote() throws Exception {
        writeMember("\"outputs\": {\"level\": 1}, \"task\": \"regression\","
                + "\"decide\": {\"from\": \"level\", \"buy_above\": 0.5, \"sell_below\": -0.5}");

        assertThat(promote("1")).isInstanceOf(ChangeResult.Done.class);
    }

    private void writeMember(String metadata) throws Exception {
        models.folder()
            .version("x", "1", "0.5", "{\"input_shape\": [2], %s}".formatted(metadata))
            .mark("x", "production", "1");
        models.lifecycle().loadProduction();
        assertThat(models.registry().isServing(new ModelId("x", "1"))).isTrue();
        models.writeEnsemble(ServedModels.MODEL, "1", "{\"members\": [{\"model\": \"y\"}, {\"model\": \"x\"}]}");
    }

    @ParameterizedTest
    @ValueSource(strings = { "{\"members\": [{\"model\": \"m\"}]}",
            "{\"members\": [{\"model\": \"m\", \"version\": \"1\"}]}", "{\"members\": [{\"model\": \"loop\"}]}" })
    void anEnsembleThatWouldContainItselfIsRefused(String ensemble) throws Exception {
        models.writeEnsemble("loop", "1", "{\"members\": [{\"model\": \"m\"}, {\"model\": \"y\"}]}")
            .folder()
            .mark("loop", "production", "1");
        models.lifecycle().loadProduction();
        models.writeEnsemble(ServedModels.MODEL, "1", ensemble);

        assertRejected("1", "it would be a member of itself");
    }

    @Test
    void aPromotionThatWouldCloseACircleIsRefused() throws Exception {
        models.writeEnsemble("n", "1", "{\"members\": [{\"model\": \"m\"}, {\"model\": \"y\"}]}")
            .folder()
            .mark("n", "production", "1");
        models.write("1", 2).serve("1");
        models.writeEnsemble(ServedModels.MODEL, "2", "{\"members\": [{\"model\": \"n\"}]}");

        assertRejected("2", "n:1 has the member m:production");
        assertThat(models.registry().isServing(ServedModels.version("1"))).isTrue();
    }

    @Test
    void ensemblesGoOnlySoDeep() throws Exception {
        for (int i = 1; i <= 5; i++) {
            String inner = (i == 1) ? "y" : "e" + (i - 1);
            models.writeEnsemble("e" + i, "1", "{\"members\": [{\"model\": \"%s\"}]}".formatted(inner))
                .folder()
                .mark("e" + i, "production", "1");
        }
        models.lifecycle().loadProduction();
        models.writeEnsemble(ServedModels.MODEL, "1", "{\"members\": [{\"model\": \"e5\"}]}");

        assertRejected("1", "deeper than 4 levels");
    }

    @Test
    void besideAModelFileItIsRefused() throws Exception {
        models.write("1", 2).writeEnsemble(ServedModels.MODEL, "1", TWO);
        models.lifecycle().loadProduction();

        assertRejected("1", "both an ensemble.json and a model file");
    }

    @Test
    void aChecksumIsCompared() throws Exception {
        models.lifecycle().loadProduction();
        models.writeEnsemble(ServedModels.MODEL, "1", TWO);
        write("metadata.json", "{\"sha256\": {\"ensemble.json\": \"%s\"}}".formatted("0".repeat(64)));

        assertRejected("1", "the sha256 of ensemble.json is");
    }

    @Test
    void aGoldenSampleMustBeReproduced() throws Exception {
        models.lifecycle().loadProduction();
        models.writeEnsemble(ServedModels.MODEL, "1", TWO);

        write("sample.json", sample("\"prediction\": {\"direction\": \"SELL\"}"));
        assertRejected("1", "the golden sample is not reproduced: the answer's direction is BUY", "y:1");

        write("sample.json", sample("\"outputs\": {\"probabilities\": [0, 0, 1]}"));
        assertRejected("1", "an ensemble returns no tensors");

        write("sample.json", sample("\"prediction\": {\"direction\": \"BUY\"}"));
        promote("1");
        assertThat(models.registry().isServing(ServedModels.version("1"))).isTrue();
    }

    @Test
    void aMemberThatFailsOnTheGoldenSampleKeepsItFromGoingLive() throws Exception {
        models.lifecycle().loadProduction();
        models.passes("z", "1").fail();
        models.writeEnsemble(ServedModels.MODEL, "1", TWO);
        write("sample.json", sample("\"prediction\": {\"direction\": \"BUY\"}"));

        assertRejected("1", "the golden sample failed: z: the model failed");
    }

    @Test
    void aSampleThatMembersPromotedSinceDoNotReproduceDoesNotEndTheServing() throws Exception {
        models.lifecycle().loadProduction();
        models.writeEnsemble(ServedModels.MODEL, "1", TWO);
        write("sample.json", sample("\"prediction\": {\"direction\": \"BUY\"}"));
        promote("1");
        models.passes("z", "2").answer(20, 0, 0);
        models.lifecycle().changeStage(new ModelId("z", "2"), Stage.PRODUCTION, NOBODY);

        assertThat(models.lifecycle().reload(ServedModels.MODEL, null)).isInstanceOf(ChangeResult.Done.class);
    }

    private static String sample(String expected) {
        return "{\"samples\": [{\"inputs\": {\"features\": [1, 2]}, %s}]}".formatted(expected);
    }

    private void write(String name, String content) throws Exception {
        models.folder().file(ServedModels.MODEL, "1", name, content.getBytes(StandardCharsets.UTF_8));
    }

    private ChangeResult promote(String version) throws Exception {
        return models.lifecycle().changeStage(ServedModels.version(version), Stage.PRODUCTION, NOBODY);
    }

    private void assertRejected(String version, String... parts) throws Exception {
        assertThat(promote(version)).isInstanceOfSatisfying(ChangeResult.Rejected.class,
                (rejected) -> assertThat(rejected.reason()).contains(List.of(parts)));
    }

}

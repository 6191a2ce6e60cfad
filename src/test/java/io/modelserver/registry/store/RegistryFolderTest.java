package io.modelserver.registry.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import io.modelserver.engine.ModelLoadException;
import io.modelserver.fixtures.ModelsFolder;
import io.modelserver.fixtures.RealEngines;
import io.modelserver.model.ModelId;
import io.modelserver.registry.metadata.Stage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@ExtendWith(OutputCaptureExtension.class)
class RegistryFolderTest {

    private static final String STAGED = "{\"input_shape\": [2], \"stage\": \"%s\"}";

    @TempDir
    Path temp;

    private ModelsFolder folder;

    private RegistryFolder repository;

    @BeforeEach
    void openRegistry() throws Exception {
        folder = new ModelsFolder(Files.createDirectory(temp.resolve("models")));
        repository = new RegistryFolder(temp.resolve("models"), 1000, RealEngines.LIST);
    }

    @Test
    void aFolderThatCannotBeAModelIsToldOfOnce(CapturedOutput log) throws IOException {
        Files.createDirectories(temp.resolve("odd model"));
        Files.createDirectories(temp.resolve(".cache"));
        RegistryFolder repository = new RegistryFolder(temp, 1_000_000, RealEngines.LIST);

        assertThat(repository.models()).doesNotContain("odd model");
        repository.models();

        assertThat(log.getAll()).containsOnlyOnce("'odd model' can't be the name of a model: rename the folder")
            .doesNotContain(".cache");
    }

    @Test
    void theMarkerFileWins() throws Exception {
        folder.version("m", "1", "0.1")
            .version("m", "2", "0.2", STAGED.formatted("Production"))
            .mark("m", "production", "1");
        Files.createSymbolicLink(folder.path("m", "production"), Path.of("2"));

        assertThat(repository.inStage("m", Stage.PRODUCTION)).contains("1");
        assertThat(repository.stages("m")).containsEntry("2", Stage.NONE);
    }

    @Test
    void withoutAMarkerTheSymlinkWins() throws Exception {
        folder.version("m", "1", "0.1").version("m", "2", "0.2", STAGED.formatted("Production"));
        Files.createSymbolicLink(folder.path("m", "production"), Path.of("1"));

        assertThat(repository.inStage("m", Stage.PRODUCTION)).contains("1");
        assertThat(repository.versions("m")).containsExactly("1", "2");
    }

    @ParameterizedTest
    @ValueSource(strings = { "Production", "production", "PRODUCTION", "pRoDuCtIoN" })
    void elseTheMetadataDecidesInAnyLetterCase(String spelling) throws Exception {
        folder.version("m", "1", "0.1").version("m", "2", "0.2", STAGED.formatted(spelling));

        assertThat(repository.inStage("m", Stage.PRODUCTION)).contains("2");
    }

    @Test
    void anEmptyMarkerSaysThatNoVersionIsInTheStage() throws Exception {
        folder.version("m", "1", "0.1", STAGED.formatted("Production")).mark("m", "production", "");

        assertThat(repository.inStage("m", Stage.PRODUCTION)).isEmpty();
    }

    @Test
    void aMarkerMayNameAVersionThatIsNotThere() throws Exception {
        folder.version("m", "1", "0.1").mark("m", "production", "9");

        assertThat(repository.inStage("m", Stage.PRODUCTION)).contains("9");
        assertThat(repository.version(new ModelId("m", "9"))).isEmpty();
    }

    @Test
    void aMissingFolderIsAnEmptyRegistry() {
        RegistryFolder nowhere = new RegistryFolder(temp.resolve("nowhere"), 1000, RealEngines.LIST);

        assertThat(nowhere.isReadable()).isFalse();
        assertThat(nowhere.models()).isEmpty();
        assertThat(nowhere.versions("m")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = { "..", ".", "", "a/b", "../models/m", "a\\b", "a\0b", "a\nb", ".hidden", "mödel", "%2e%2e" })
    void whatIsNoPlainFolderNameDoesNotExist(String name) throws Exception {
        folder.version("m", "1", "0.1");

        assertThat(repository.hasModel(name)).isFalse();
        assertThat(repository.version(new ModelId("m", name))).isEmpty();
        assertThat(repository.version(new ModelId(name, "1"))).isEmpty();
    }

    @Test
    void aFolderThatLeadsOutOfTheRegistryDoesNotExist() throws Exception {
        new ModelsFolder(temp.resolve("elsewhere")).version("m", "1", "0.1");
        Files.createSymbolicLink(folder.path("m"), temp.resolve("elsewhere").resolve("m"));

        assertThat(repository.hasModel("m")).isFalse();
    }

    @Test
    void theModelFileMustBeTheOneThatTheMetadataNames() throws Exception {
        folder.version("m", "1", "0.1", "{\"input_shape\": [2], \"sha256\": \"%s\"}".formatted("0".repeat(64)));

        assertRefused("1", "the sha256 of model.pt is");
    }

    @Test
    void aPickleIsRefusedWithAWordOnHowToExportIt() throws Exception {
        folder.version("m", "1", "0.1");
        Files.writeString(folder.path("m", "1", "model.pt"), "PK archive/data.pkl");

        assertRefused("1", "torch.jit.script");
    }

    @Test
    void anEmptyFileIsRefused() throws Exception {
        folder.version("m", "1", "0.1");
        Files.write(folder.path("m", "1", "model.pt"), new byte[0]);

        assertRefused("1", "0 bytes");
    }

    @Test
    void aFileOverTheLimitIsRefused() throws Exception {
        folder.version("m", "1", "0.1").file("m", "1", "model.pt", new byte[2000]);

        assertRefused("1", "expected 1 to 1000");
    }

    @ParameterizedTest
    @ValueSource(strings = { "metadata.json", "sample.json" })
    void otherFilesOfAVersionMayNotLeadOutOfTheRegistryEither(String file) throws Exception {
        folder.version("m", "1", "0.1", "{\"input_shape\": [2]}");
        Path link = folder.path("m", "1", file);
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, Files.writeString(temp.resolve("out.json"), "{\"input_shape\": [2]}"));

        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(() -> {
            VersionFolder version = repository.version(new ModelId("m", "1")).orElseThrow();
            version.goldenSamples(version.metadata().describe(version.id()));
        }).withMessageContaining(file + " is a link out of the registry");
    }

    @Test
    void aLinkOutOfTheRegistryIsRefused() throws Exception {
        folder.version("m", "1", "0.1");
        Files.delete(folder.path("m", "1", "model.pt"));
        Files.createSymbolicLink(folder.path("m", "1", "model.pt"), Files.writeString(temp.resolve("out.pt"), "PK"));

        assertRefused("1", "link out of the registry");
    }

    @Test
    @Timeout(300)
    void aPipeIsRefusedWithoutWaitingForAWriter() throws Exception {
        folder.version("m", "1", "0.1");
        Files.delete(folder.path("m", "1", "model.pt"));
        assertThat(new ProcessBuilder("mkfifo", folder.path("m", "1", "model.pt").toString()).start().waitFor())
            .isZero();

        assertRefused("1", "not a regular file");
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "null", "[]", "{", "{\"input_shape\": \"60\"}", "{\"input_shape\": [0]}",
            "{\"input_shape\": [2], \"classes\": [\"UP\", \"DOWN\"]}",
            "{\"input_shape\": [2], \"outputs\": {\"confidence\": {}}}", "{\"input_shape\": [2], \"feature_names\": 3}",
            "{\"input_shape\": [2], \"feature_names\": [\"a\"]}", "{\"input_shape\": [99999, 99999]}" })
    void metadataThatCantBeUsedIsListedWithItsError(String metadata) throws Exception {
        folder.version("m", "1", "0.1", metadata);

        VersionStatus status = repository.version(new ModelId("m", "1"))
            .orElseThrow()
            .status(Stage.NONE, VersionState.FOUND, Optional.empty(), null);

        assertThat(status.error()).startsWith("metadata.json");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "'input_shape': [null, 4]|must leave the batch axis out: [4], not [null,4]",
            "'input_shape': ['batch', 4]|must leave the batch axis out: [4]",
            "'input_shape': '[4]'|must be an array of integers without the batch axis, e.g. [60, 110], not \"[4]\"",
            "'input_shape': [[60, 110]]|must be an array of integers",
            "'input_shape': [4.5]|must be an array of integers",
            "'input_shape': {'features': [4]}|is an object, expected an array such as [60, 110]; several inputs",
            "'model_type': 'linear'|input_shape is missing",
            "'input': [{'name': 'input', 'dims': [4]}]|input_shape is missing: give it without the batch axis, e.g. "
                    + "[60, 110]; the server does not take it from 'input'",
            "'inputs': [{'name': 'input', 'dims': [4]}]|inputs[0] has no \"shape\"; \"dims\" is not read",
            "'input_shape': [4], 'outputs': ['logits']|outputs must be an object that says by position or name where each "
                    + "output is found, e.g. {\"direction_logits\": 0}, not the list [logits]",
            "'input_shape': [4], 'outputs': ['confidence', 'direction_logits']|outputs must be an object",
            "'input_shape': [4], 'outputs': 'logits'|outputs must be an object, e.g. {\"direction_logits\": 0}, not",
            "'input_shape': [4], 'outputs': {'direction': 0}|outputs.direction must say what its numbers are" })
    void whatIsWrittenAnotherWayIsToldInASentenceOfItsOwn(String metadata, String reason) throws Exception {
        folder.version("m", "1", "0.1", "{%s}".formatted(metadata).replace('\'', '"'));

        assertThat(status("1").error()).startsWith("metadata.json: ").contains(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = { "'input_shape': [4.0]", "'input_shape': 4",
            "'input_shape': [4], 'outputs': ['direction_logits', 'confidence']",
            "'input_shape': [4], 'outputs': [{'name': 'direction_logits', 'shape': [-1, 3]}]" })
    void whatIsUnambiguousIsRead(String metadata) throws Exception {
        folder.version("m", "1", "0.1", "{%s}".formatted(metadata).replace('\'', '"'));

        assertThat(status("1").error()).isNull();
        assertThat(status("1").inputShape()).containsExactly(4);
    }

    @ParameterizedTest
    @ValueSource(strings = { "1e400", "-1e400", "1e999999999", "NaN", "Infinity", "{}" })
    void aNumberThatIsNoTimeCostsNobodyAnything(String createdAt) throws Exception {
        folder
            .version("m", "1", "0.1",
                    "{\"input_shape\": [2], \"stage\": \"Production\", \"created_at\": %s, \"metrics\": {\"loss\": %s}}"
                        .formatted(createdAt, createdAt))
            .version("m", "2", "0.2",
                    "{\"input_shape\": [2], \"stage\": \"Production\", \"created_at\": \"2025-11-14T19:27:15Z\"}");

        assertThat(repository.inStage("m", Stage.PRODUCTION)).contains("2");
        assertThat(repository.claimants("m")).containsExactly("1", "2");
        assertThat(status("1").error()).isNull();
        assertThat(status("1").createdAt()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{'input_shape': [2], 'input_shape': [3]}|metadata.json has the key \"input_shape\" twice in one object (line 1, column",
            "{'input_shape': [2], 'sha256': {'model.pt': 'a', 'model.pt': 'b'}}|has the key \"model.pt\" twice",
            "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[|metadata.json is nested deeper than 32 levels",
            "{'input_shape': [2]} {}|metadata.json goes on after its first value: it must hold one JSON object",
            "{'input_shape': [2], 'a': +}|metadata.json is not valid JSON: ",
            "{'input_shape': [2], 'a': .5}|metadata.json is not valid JSON: ",
            "{'input_shape': [2], 'a': [1}|metadata.json is not valid JSON: ",
            "{'input_shape': [2|metadata.json is not valid JSON: " })
    void whatTheParserRefusesIsToldInPlainWords(String metadata, String reason) throws Exception {
        folder.version("m", "1", "0.1", metadata.replace('\'', '"'));

        assertThat(status("1").error()).contains(reason)
            .doesNotContain("eature", "tools.jackson", "Source", "REDACTED", "StreamRead", "`");
    }

    @Test
    void aFailureThatNobodyExpectedIsTheErrorOfItsVersionAndLoggedOnce(CapturedOutput log) throws Exception {
        ReaderFailures failures = new ReaderFailures();
        ModelId broken = new ModelId("m", "broken");
        StageClaims claims = new StageClaims((id) -> {
            if (id.equals(broken)) {
                throw new IllegalStateException("a number that nobody thought of");
            }
            return repository.version(id);
        }, failures);
        folder.version("m", "1", "0.1", STAGED.formatted("Production"));

        assertThat(claims.of("m", List.of("broken", "1"), Stage.PRODUCTION)).containsExactly("1");
        assertThat(claims.isArchived(broken)).isFalse();

        assertThat(failures.report(broken, new IllegalStateException("a number that nobody thought of")))
            .startsWith("its files can't be read because of a fault of the server");
        assertThat(log.getAll()).containsOnlyOnce("the files of m:broken can't be read");
    }

    @Test
    void theFrameworkIsThatOfTheFileWhereTheMetadataNamesNone() throws Exception {
        folder.version("m", "1", "0.1", "{\"input_shape\": [2]}")
            .version("m", "2", "0.1", "{\"input_shape\": [2], \"framework\": \"lightgbm\"}");
        Files.move(folder.path("m", "2", "model.pt"), folder.path("m", "2", "model.onnx"));

        assertThat(status("1").framework()).isEqualTo("pytorch");
        assertThat(status("2").framework()).isEqualTo("lightgbm");

        folder.version("m", "3", "0.1", "{\"input_shape\": [2]}");
        Files.move(folder.path("m", "3", "model.pt"), folder.path("m", "3", "model.onnx"));
        assertThat(status("3").framework()).isEqualTo("onnx");
    }

    @Test
    void ofSeveralVersionsThatClaimAStageTheNewestHasIt() throws Exception {
        folder.version("m", "10", "0.1", STAGED.formatted("Production"))
            .version("m", "9", "0.1", STAGED.formatted("Production"))
            .version("n", "v1.9.0", "0.1", STAGED.formatted("Production"))
            .version("n", "v1.10.0", "0.1", STAGED.formatted("Production"));
        assertThat(repository.inStage("m", Stage.PRODUCTION)).contains("10");
        assertThat(repository.inStage("n", Stage.PRODUCTION)).contains("v1.10.0");
        assertThat(repository.claimants("n")).containsExactly("v1.9.0", "v1.10.0");

        folder.version("m", "9", "0.1",
                "{\"input_shape\": [2], \"stage\": \"Production\", \"created_at\": \"2025-11-14T19:27:15Z\"}");
        assertThat(repository.inStage("m", Stage.PRODUCTION)).contains("9");

        folder.version("m", "10", "0.1",
                "{\"input_shape\": [2], \"stage\": \"Production\", \"created_at\": \"2025-11-14T22:27:14+03:00\"}");
        assertThat(repository.inStage("m", Stage.PRODUCTION)).contains("9");

        folder.mark("m", "production", "10");
        assertThat(repository.claimants("m")).isEmpty();
    }

    @Test
    void foldersThatCanNotBeVersionsAreFoundButNotOpened() throws Exception {
        folder.version("m", "1", "0.1")
            .version("m", "1.2.0+cu118", "0.1")
            .version("m", "run 7", "0.1")
            .version("m", "latest", "0.1");
        for (String hidden : new String[] { ".git", "__pycache__" }) {
            Files.createDirectory(folder.path("m", hidden));
        }
        Files.createSymbolicLink(folder.path("m", "production"), Path.of("1"));

        assertThat(repository.misnamed("m")).containsExactly("1.2.0+cu118", "latest", "run 7");
        assertThat(repository.versions("m")).containsExactly("1");
        assertThat(repository.version(new ModelId("m", "run 7"))).isEmpty();
        assertThat(repository.misnamed("gone")).isEmpty();
    }

    @Test
    void aNameFromTheDiskIsShownWithoutWhatCanNotBeSeen() {
        assertThat(Names.shown("run 7 é")).isEqualTo("run 7 é");
        assertThat(Names.shown("a\nb\u202Ec\u0000\uD800")).isEqualTo("a?b?c??");
        assertThat(Names.shown("x".repeat(300))).hasSize(129);
    }

    @Test
    void numbersThatJsonDoesNotKnowAreListedAsNull() throws Exception {
        folder.version("m", "1", "0.1", "{\"input_shape\": [2], \"metrics\": {\"loss\": NaN, \"f1\": 0.5}}");

        VersionStatus status = repository.version(new ModelId("m", "1"))
            .orElseThrow()
            .status(Stage.NONE, VersionState.FOUND, Optional.empty(), null);

        assertThat(status.error()).isNull();
        assertThat(status.metrics()).containsEntry("loss", null).containsEntry("f1", 0.5);
    }

    @Test
    void aSecondModelFileThatCannotBeUsedIsNoErrorOfTheVersion() throws Exception {
        folder.version("m", "1", "0.1").file("m", "1", "model.onnx", new byte[0]);

        assertThat(status("1").error()).isNull();

        folder.file("m", "1", "model.pt", new byte[0]);
        assertThat(status("1").error()).startsWith("model.pt has 0 bytes");
    }

    private VersionStatus status(String version) {
        return repository.version(new ModelId("m", version))
            .orElseThrow()
            .status(Stage.NONE, VersionState.FOUND, Optional.empty(), null);
    }

    private void assertRefused(String version, String reason) {
        VersionFolder files = repository.version(new ModelId("m", version)).orElseThrow();

        assertThatExceptionOfType(ModelLoadException.class)
            .isThrownBy(() -> files.artifact(files.metadata(), RealEngines.TORCH))
            .withMessageContaining(reason);
    }

}

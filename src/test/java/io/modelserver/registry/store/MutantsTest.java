package io.modelserver.registry.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

import io.modelserver.engine.InferenceException;
import io.modelserver.engine.LoadedModel;
import io.modelserver.engine.ModelInstance;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.fixtures.RealEngines;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.Tensor;
import io.modelserver.model.TensorSpec;
import io.modelserver.registry.check.ModelCheck;
import io.modelserver.registry.metadata.MetadataFile;
import io.modelserver.registry.metadata.RegistryJson;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Damaged copies of the bundled model before the real loader: as many as
 * {@code -Dmutants.count} says.
 */
class MutantsTest {

    private static final int COUNT = Integer.getInteger("mutants.count", 40);

    private static final int OTHER_INPUTS = 16;

    private static final ModelId ID = new ModelId("hybrid_cnn_lstm", "20251114_192715");

    @TempDir
    Path temp;

    private Path folder;

    private byte[] original;

    @BeforeEach
    void copyTheBundledModelWithoutItsSecondFile() throws IOException {
        Path bundled = Path.of("models", ID.name(), ID.version());
        folder = Files.createDirectories(temp.resolve(ID.name()).resolve(ID.version()));
        for (String name : List.of("metadata.json", "sample.json")) {
            Files.copy(bundled.resolve(name), folder.resolve(name));
        }
        original = Files.readAllBytes(bundled.resolve("model.pt"));
    }

    @Test
    void withAChecksumNoneIsLoaded() throws Exception {
        List<Mutant> accepted = new ArrayList<>();
        for (int number = 0; number < COUNT; number++) {
            Mutant mutant = Mutant.of(original, number);
            Files.write(folder.resolve("model.pt"), mutant.bytes());
            try {
                version().artifact(version().metadata(), RealEngines.TORCH);
                accepted.add(mutant);
            }
            catch (ModelLoadException ex) {
                assertThat(ex).hasMessageContaining("sha256");
            }
        }
        System.out.printf("mutants with sha256: %d, accepted %d%n", COUNT, accepted.size());

        assertThat(accepted).isEmpty();
    }

    @Test
    void whatTheGoldenSampleLetsThroughAnswersAsBeforeOrIsToldByTheChecksumsOfTheZip() throws Exception {
        Files.writeString(folder.resolve("metadata.json"), withoutChecksum());
        List<String> expected = answers(original);
        assertThat(Mutant.isToldByChecksums(original)).isFalse();
        Map<String, Integer> tally = new TreeMap<>();
        List<String> different = new ArrayList<>();
        for (int number = 0; number < COUNT; number++) {
            Mutant mutant = Mutant.of(original, number);
            String outcome = outcome(mutant, expected);
            tally.merge(outcome, 1, Integer::sum);
            if (outcome.endsWith("differently, not told by CRC-32")) {
                different.add("mutant %d, %s".formatted(number, mutant.kind()));
            }
        }
        System.out.printf("mutants with sample.json only: %d, %s%n", COUNT, tally);

        assertThat(different).isEmpty();
    }

    private String outcome(Mutant mutant, List<String> expected) throws Exception {
        try {
            String answered = answers(mutant.bytes()).equals(expected) ? "accepted, bit-identical"
                    : "accepted, answers differently";
            return answered + (mutant.isToldByChecksums() ? ", told by CRC-32" : ", not told by CRC-32");
        }
        catch (ModelLoadException ex) {
            String reason = String.valueOf(ex.getMessage());
            return reason.contains("golden sample") ? "refused by the golden sample"
                    : reason.contains("TorchScript but") ? "refused as no TorchScript" : "refused by PyTorch";
        }
    }

    /** What the version answers to inputs that are not the golden sample, bit by bit. */
    private List<String> answers(byte[] bytes) throws ModelLoadException, IOException, InferenceException {
        Files.write(folder.resolve("model.pt"), bytes);
        VersionFolder version = version();
        MetadataFile file = version.metadata();
        ModelMetadata metadata = file.describe(ID);
        ModelCheck check = new ModelCheck(metadata, version.goldenSamples(metadata), file.baseline(), 8);
        List<String> answers = new ArrayList<>();
        try (LoadedModel model = RealEngines.TORCH.loader().load(version.artifact(file, RealEngines.TORCH));
                ModelInstance instance = model.newInstance()) {
            check.of(model).verify(instance);
            for (int seed = 0; seed < OTHER_INPUTS; seed++) {
                instance.forward(List.of(input(metadata.features(), seed)))
                    .forEach((output) -> answers.add(Arrays.toString(output.tensor().values())));
            }
        }
        return answers;
    }

    private VersionFolder version() {
        return new RegistryFolder(temp, 1 << 30, RealEngines.LIST).version(ID).orElseThrow();
    }

    private String withoutChecksum() throws IOException {
        ObjectNode metadata = (ObjectNode) RegistryJson.MAPPER
            .readTree(Files.readString(folder.resolve("metadata.json")));
        metadata.remove("sha256");
        return metadata.toString();
    }

    private static ModelInput input(TensorSpec spec, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[spec.elements()];
        for (int i = 0; i < values.length; i++) {
            // As far out as a market goes, where a changed weight shows.
            values[i] = (float) (random.nextGaussian() * (1 << (seed % 4)));
        }
        return new ModelInput(List.of(new Tensor(spec.shape().stream().mapToInt(Integer::intValue).toArray(), values)));
    }

}

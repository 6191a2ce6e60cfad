package io.modelserver.trading;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import io.modelserver.front.json.JsonSlice;
import io.modelserver.front.json.PredictionRequestReader;
import io.modelserver.model.Datatype;
import io.modelserver.model.FeatureNames;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.Tensor;
import io.modelserver.model.TensorSpec;
import io.modelserver.serving.FieldProblem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Arrays that requests hold by the names of a model's inputs, of any datatype. */
class NamedInputsTest {

    private static final TensorSpec FEATURES = new TensorSpec("features", List.of(2));

    private static final TensorSpec MASK = new TensorSpec("mask", Datatype.BOOL, List.of(2, 1));

    private static final TensorSpec BOOK = new TensorSpec("raw_lob", List.of(1, 4));

    @Test
    void eachInputGetsTheArrayOfItsName() throws Exception {
        ModelInput input = decode("'features':[1,2],'inputs':{'mask':[[true],[0]]},'raw_lob':[[[101,1]],[[100,2]]]",
                FEATURES, MASK, BOOK);

        assertThat(input.tensors()).extracting(Tensor::datatype)
            .containsExactly(Datatype.FP32, Datatype.BOOL, Datatype.FP32);
        assertThat(input.tensors().get(1).array(boolean[].class)).containsExactly(true, false);
        assertThat(input.tensors().get(2).values()).containsExactly(100, 2, 101, 1);
    }

    @Test
    void theFirstInputAndTheOrderBookMayBeAmongThem() throws Exception {
        assertThat(decode("'inputs':{'mask':[1,0],'features':[[1,2]],'raw_lob':[1,2,3,4]}",
                new TensorSpec("features", List.of(1, 2)), MASK, BOOK)
            .tensors()).extracting((tensor) -> Arrays.toString(tensor.shape()))
            .containsExactly("[1, 2]", "[2, 1]", "[1, 4]");
    }

    @Test
    void whatIsMissingOrUnknownIsListed() {
        InvalidFeaturesException missing = refused("'features':[1,2]", FEATURES, MASK,
                new TensorSpec("state", List.of(3)));
        assertThat(missing).hasMessageContaining("needs the inputs [mask, state]");
        assertThat(missing.problems()).extracting(FieldProblem::field).containsExactly("inputs.mask", "inputs.state");
        assertThat(refused("'features':[1,2],'inputs':{'masks':[1]}", FEATURES))
            .hasMessage("inputs has [masks], but this model's inputs are [features]");
    }

    @Test
    void whatIsSentTwiceIsRefused() {
        assertThat(refused("'features':[1,2],'inputs':{'features':[1,2]}", FEATURES))
            .hasMessageContaining("both features and inputs.features");
        assertThat(refused("'features':[1,2],'raw_lob':[[1,2,3,4]],'inputs':{'raw_lob':[1,2,3,4]}", FEATURES, BOOK))
            .hasMessageContaining("both raw_lob and inputs.raw_lob");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = { "FP64|0.1,1e39|0.1 1.0E39", "FP16|0.5,65504|0.5 65504.0",
                    "INT64|9007199254740993,-2.0|9007199254740993 -2", "INT32|2147483647,-1|2147483647 -1",
                    "BOOL|true,0|true false", "BYTES|\"a\",\"b\"|a b" })
    void elementsAreReadAsWhatTheyAre(Datatype datatype, String elements, String expected) throws Exception {
        TensorSpec spec = new TensorSpec("features", datatype, List.of(2));

        for (String request : List.of("'features':[%s]", "'inputs':{'features':[%s]}")) {
            Tensor tensor = decode(request.formatted(elements.replace('"', '\'')), spec).tensors().getFirst();
            assertThat(tensor.datatype()).isEqualTo(datatype);
            assertThat(text(tensor)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`',
            value = { "INT64|1.5,2|features[0] is 1.5, expected an integer from",
                    "INT32|1,2147483648|expected an integer", "INT64|1,9223372036854775808|expected an integer",
                    "INT64|true,1|is a boolean, expected a number", "BOOL|2,1|expected an integer from 0 to 1",
                    "BOOL|'a',1|is a string, expected true or false", "FP16|65536,1|is not finite as FP16",
                    "FP64|1e999,1|is not finite as FP64", "FP64|null,1|is null, expected a number",
                    "BYTES|1,'a'|is a number, expected a string", "INT64|[1],2|expected an array",
                    "INT64|1,2,3|have 3 numbers, expected 2 flat numbers",
                    "FP32|true,1|features[0] is a boolean, expected a number" })
    void elementsThatAreSomethingElseAreRefused(Datatype datatype, String elements, String reason) {
        assertThat(refused("'features':[%s]".formatted(elements), new TensorSpec("features", datatype, List.of(2))))
            .hasMessageContaining(reason);
    }

    @Test
    void namedFeaturesAreNotRoundedForAnotherDatatype() {
        assertThat(refused("'features':{'candle':{'close':0.1,'open':2}}",
                new TensorSpec("features", Datatype.FP64, List.of(2))))
            .hasMessageContaining("takes FP64: send an array");
    }

    @Test
    void aFreeDimensionIsThatOfTheArray() throws Exception {
        TensorSpec free = new TensorSpec("mask", Datatype.INT64, List.of(TensorSpec.FREE, 2));

        assertThat(decode("'features':[1,2],'inputs':{'mask':[1,2,3,4,5,6]}", FEATURES, free).tensors().get(1).shape())
            .containsExactly(3, 2);
        assertThat(refused("'features':[1,2],'inputs':{'mask':[1,2,3]}", FEATURES, free))
            .hasMessage("inputs.mask has the shape [3], expected [-1, 2]");
    }

    private static String text(Tensor tensor) {
        Stream<String> elements = switch (tensor.datatype()) {
            case FP32, FP16 -> {
                float[] floats = tensor.floats();
                yield Stream.of(floats[0], floats[1]).map(String::valueOf);
            }
            case FP64 -> Arrays.stream(tensor.array(double[].class)).mapToObj(String::valueOf);
            case INT64 -> Arrays.stream(tensor.array(long[].class)).mapToObj(String::valueOf);
            case INT32 -> Arrays.stream(tensor.array(int[].class)).mapToObj(String::valueOf);
            case BOOL ->
                Stream.of(tensor.array(boolean[].class)[0], tensor.array(boolean[].class)[1]).map(String::valueOf);
            case BYTES -> Arrays.stream(tensor.array(String[].class));
        };
        return String.join(" ", elements.toList());
    }

    private static ModelInput decode(String fields, TensorSpec... inputs) throws InvalidFeaturesException {
        byte[] json = "{'symbol':'BTC',%s}".formatted(fields).replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        PredictionRequest request = new PredictionRequestReader(new JsonSlice(json), () -> 0).read();
        ModelMetadata metadata = new ModelMetadata(new ModelId("m", "1"), List.of(inputs), List.of(), Map.of(),
                new FeatureNames(List.of()));
        DecodedFeatures decoded = new FeatureDecoder(metadata).decode(request);
        assertThat(decoded).isInstanceOf(DecodedFeatures.Whole.class);
        return ((DecodedFeatures.Whole) decoded).input();
    }

    private static InvalidFeaturesException refused(String fields, TensorSpec... inputs) {
        return Objects
            .requireNonNull(catchThrowableOfType(InvalidFeaturesException.class, () -> decode(fields, inputs)));
    }

}

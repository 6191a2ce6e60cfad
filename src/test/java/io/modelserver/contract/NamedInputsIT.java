package io.modelserver.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Models that take more than features of 32 bits: {@code masked} a mask of truth values,
 * {@code int64} integers.
 */
class NamedInputsIT {

    private static final Path FILES = Path.of("src", "test", "resources", "onnx");

    private static PackagedServer server;

    private static Client bot;

    @BeforeAll
    static void start() {
        server = PackagedServer.withRegistry((models) -> {
            write(models, "masked", "masked.onnx",
                    "{\"name\": \"features\", \"shape\": [3]}, {\"name\": \"mask\", \"shape\": [3], \"datatype\": \"BOOL\"}");
            write(models, "int64", "linear-int64.onnx",
                    "{\"name\": \"counts\", \"shape\": [4], \"datatype\": \"INT64\"}");
        }, "--modelserver.default-model=masked", "--modelserver.batching.max-batch-size=2");
        bot = server.client();
    }

    private static void write(Path models, String model, String file, String inputs) throws IOException {
        Path version = Files.createDirectories(models.resolve(model).resolve("1"));
        Files.copy(FILES.resolve(file), version.resolve("model.onnx"));
        Files.writeString(version.resolve("metadata.json"), "{\"inputs\": [%s]}".formatted(inputs));
        Files.writeString(models.resolve(model).resolve(".production"), "1\n");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void eachInputGetsTheArrayOfItsName() {
        assertThat(direction("\"features\":[5,0,1],\"inputs\":{\"mask\":[true,true,true]}")).isEqualTo("SELL");
        assertThat(direction("\"features\":[5,0,1],\"inputs\":{\"mask\":[false,true,1]}")).isEqualTo("BUY");
        assertThat(direction("\"inputs\":{\"mask\":[0,1,1],\"features\":[5,0,1]}")).isEqualTo("BUY");
    }

    @Test
    void whatIsMissingUnknownOrOfAnotherTypeIsTold() {
        assertThat(predict("\"features\":[5,0,1]")).isProblem(422, "INVALID_FEATURES")
            .namesField("inputs.mask")
            .tells("needs the inputs [mask]");
        assertThat(predict("\"features\":[5,0,1],\"inputs\":{\"mask\":[1,1,1],\"state\":[1]}"))
            .isProblem(422, "INVALID_FEATURES")
            .tells("inputs has [state], but this model's inputs are [features, mask]");
        assertThat(predict("\"features\":[5,0,1],\"inputs\":{\"mask\":[\"a\",1,1]}")).isProblem(422, "INVALID_FEATURES")
            .tells("inputs.mask[0] is a string, expected true or false");
        assertThat(predict("\"features\":[5,0,1],\"inputs\":[1]")).isProblem(400, "MALFORMED_REQUEST")
            .tells("inputs is an array, expected an object of arrays");
    }

    @Test
    void featuresAreReadAsTheDatatypeOfTheInput() {
        String model = ",\"model_name\":\"int64\"";

        assertThat(direction("\"features\":[3,0,0,0]" + model)).isEqualTo("SELL");
        assertThat(direction("\"features\":[0,3.0,0,0]" + model)).isEqualTo("BUY");
        assertThat(predict("\"features\":[0.5,0,0,0]" + model)).isProblem(422, "INVALID_FEATURES")
            .tells("features[0] is 0.5, expected an integer");
    }

    private static String direction(String fields) {
        Answer answer = predict(fields);
        assertThat(answer).hasStatus(200);
        return answer.json().at("/prediction/direction").asString();
    }

    private static Answer predict(String fields) {
        return bot.predict("{\"symbol\":\"A\",%s}".formatted(fields));
    }

}

package io.modelserver.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What clients of the Open Inference Protocol send and get over HTTP, as it is specified.
 */
class OipIT {

    private static final String TUPLE = "/v2/models/tuple/infer";

    private static PackagedServer server;

    private static Client client;

    @BeforeAll
    static void start() {
        server = PackagedServer.withRegistry((models) -> {
            SmallModel.in(models, "tuple");
            OnnxVersion.write(models, "masked", "masked.onnx",
                    "{\"name\": \"features\", \"shape\": [3]}, {\"name\": \"mask\", \"shape\": [3], \"datatype\": \"BOOL\"}");
            writeDatatypes(models);
        }, "--modelserver.default-model=tuple", "--modelserver.batching.max-batch-size=2",
                "--modelserver.web.max-batch-requests=8", "--modelserver.window.fill=wait");
        client = server.client();
    }

    /** Returns all that it gets. */
    static void writeDatatypes(Path models) throws IOException {
        OnnxVersion.write(models, "datatypes", "datatypes.onnx",
                """
                        {"name": "fp32", "shape": [2]}, {"name": "fp64", "shape": [2], "datatype": "FP64"},
                        {"name": "fp16", "shape": [2], "datatype": "FP16"}, {"name": "int64", "shape": [2], "datatype": "INT64"},
                        {"name": "int32", "shape": [2], "datatype": "INT32"}, {"name": "bool", "shape": [2], "datatype": "BOOL"},
                        {"name": "bytes", "shape": [2], "datatype": "BYTES"}""");
        Path version = models.resolve("datatypes").resolve("1");
        Files.writeString(version.resolve("metadata.json"),
                Files.readString(version.resolve("metadata.json")).replaceFirst("\\{", "{\"task\": \"raw\", "));
        Files.writeString(version.resolve("sample.json"), """
                {"samples": [
                  {"inputs": {"fp32": [1.5, -2], "fp64": [0.1, 2], "fp16": [0.5, 4], "int64": [3, 7], "int32": [5, 6],
                              "bool": [1, 0], "bytes": ["a", "b"]}},
                  {"inputs": {"fp32": [2.5, -1], "fp64": [0.2, 3], "fp16": [1.5, 5], "int64": [4, 8], "int32": [6, 7],
                              "bool": [0, 1], "bytes": ["c", "d"]}}]}""");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void theServerSaysWhatItIsAndThatItIsReady() {
        JsonNode server = client.get("/v2").json();

        assertThat(server.at("/name").asString()).isEqualTo("ML Model Server");
        assertThat(server.at("/version").asString()).isNotEqualTo("unknown");
        assertThat(server.at("/extensions").valueStream().map(JsonNode::asString)).contains("binary_tensor_data",
                "classification", "sequence", "model_repository", "statistics", "parameters");
        assertThat(client.get("/v2/health/live").body()).isEqualTo("{\"live\":true}");
        assertThat(client.get("/v2/health/ready").body()).isEqualTo("{\"ready\":true}");
    }

    @Test
    void aModelSaysWhatItTakesAndReturns() {
        assertThat(client.get("/v2/models/masked").body())
            .isEqualTo("{\"name\":\"masked\",\"versions\":[\"1\"],\"platform\":\"onnx_onnxv1\",\"inputs\":["
                    + "{\"name\":\"features\",\"datatype\":\"FP32\",\"shape\":[-1,3]},"
                    + "{\"name\":\"mask\",\"datatype\":\"BOOL\",\"shape\":[-1,3]}],\"outputs\":["
                    + "{\"name\":\"direction_logits\",\"datatype\":\"FP32\",\"shape\":[-1,3]}]}");
        JsonNode tuple = client.get("/v2/models/tuple/versions/2").json();
        assertThat(tuple.at("/versions").toString()).isEqualTo("[\"2\"]");
        assertThat(tuple.at("/platform").asString()).isEqualTo("pytorch_torchscript");
        assertThat(client.get("/v2/models/tuple").json().at("/outputs").toString()).isEqualTo(
                "[{\"name\":\"direction_logits\",\"datatype\":\"FP32\",\"shape\":[-1,3]},{\"name\":\"confidence\","
                        + "\"datatype\":\"FP32\",\"shape\":[-1,1]},{\"name\":\"expected_return\",\"datatype\":\"FP32\",\"shape\":[-1,1]}]");
        assertThat(client.get("/v2/models/masked/ready").body()).isEqualTo("{\"name\":\"masked\",\"ready\":true}");
        assertThat(client.get("/v2/models/masked/versions/9/ready")).hasStatus(404);
    }

    @Test
    void elementsOfEveryDatatypeComeBackAsTheyWere() {
        JsonNode outputs = infer("/v2/models/datatypes/infer", """
                {"id": "42", "inputs": [
                  {"name": "fp32", "shape": [1, 2], "datatype": "FP32", "data": [1.5, -2]},
                  {"name": "fp64", "shape": [1, 2], "datatype": "FP64", "data": [[0.1, 3.141592653589793]]},
                  {"name": "fp16", "shape": [1, 2], "datatype": "FP16", "data": [0.5, -4]},
                  {"name": "int64", "shape": [1, 2], "datatype": "INT64", "data": [-9223372036854775808, 7]},
                  {"name": "int32", "shape": [1, 2], "datatype": "INT32", "data": [2147483647, -7]},
                  {"name": "bool", "shape": [1, 2], "datatype": "BOOL", "data": [true, false]},
                  {"name": "bytes", "shape": [1, 2], "datatype": "BYTES", "data": ["SELL", "цена"]}]}""")
            .at("/outputs");

        assertThat(output(outputs, "fp32_out").at("/data").toString()).isEqualTo("[1.5,-2.0]");
        assertThat(output(outputs, "fp64_out").at("/data").toString()).isEqualTo("[0.1,3.141592653589793]");
        assertThat(output(outputs, "fp16_out").at("/data").toString()).isEqualTo("[0.5,-4.0]");
        assertThat(output(outputs, "int64_out").at("/data").toString()).isEqualTo("[-9223372036854775808,7]");
        assertThat(output(outputs, "int32_out").at("/data").toString()).isEqualTo("[2147483647,-7]");
        assertThat(output(outputs, "bool_out").at("/data").toString()).isEqualTo("[true,false]");
        assertThat(output(outputs, "bytes_out").at("/data").toString()).isEqualTo("[\"SELL\",\"цена\"]");
        assertThat(output(outputs, "bytes_out").at("/datatype").asString()).isEqualTo("BYTES");
    }

    @ParameterizedTest
    @ValueSource(strings = { "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16", "BF16",
            "FP32", "FP64" })
    void numbersOfEveryDatatypeAreTakenForFloats(String datatype) {
        String twos = ("{\"inputs\": [{\"name\": \"features\", \"shape\": [1, 3], \"datatype\": \"%s\", "
                + "\"data\": [2, 2, 2]}, {\"name\": \"mask\", \"shape\": [1, 3], \"datatype\": \"BOOL\", "
                + "\"data\": [true, true, false]}]}")
            .formatted(datatype);

        assertThat(infer("/v2/models/masked/infer", twos).at("/outputs/0/data").toString()).isEqualTo("[2.0,2.0,0.0]");
    }

    @Test
    void rowsComeBackInTheirOrderThoughTheyAreMoreThanABatch() {
        JsonNode answer = infer("/v2/models/masked/infer", """
                {"inputs": [{"name": "features", "shape": [5, 3], "datatype": "FP32",
                             "data": [[1, 0, 0], [2, 0, 0], [3, 0, 0], [4, 0, 0], [5, 0, 0]]},
                            {"name": "mask", "shape": [5, 3], "datatype": "BOOL",
                             "data": [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]}]}""");

        assertThat(answer.at("/outputs/0/shape").toString()).isEqualTo("[5,3]");
        assertThat(answer.at("/outputs/0/data").toString())
            .isEqualTo("[1.0,0.0,0.0,2.0,0.0,0.0,3.0,0.0,0.0,4.0,0.0,0.0,5.0,0.0,0.0]");
        assertThat(client.post("/v2/models/masked/infer", "{\"inputs\": [{\"name\": \"features\", \"shape\": [9, 3], "
                + "\"datatype\": \"UINT8\", \"data\": [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}]}"))
            .hasStatus(400);
    }

    @Test
    void tensorsTravelInBinaryBothWays() {
        String json = """
                {"inputs": [{"name": "features", "shape": [1, 3], "datatype": "FP32", "parameters": {"binary_data_size": 12}},
                            {"name": "mask", "shape": [1, 3], "datatype": "BOOL", "parameters": {"binary_data_size": 3}}],
                 "outputs": [{"name": "direction_logits", "parameters": {"binary_data": true}}]}""";
        ByteBuffer body = ByteBuffer.allocate(json.length() + 15)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(json.getBytes(StandardCharsets.UTF_8))
            .putFloat(1.5f)
            .putFloat(2)
            .putFloat(3)
            .put(new byte[] { 1, 0, 1 });

        HttpResponse<byte[]> answer = send(client.request("/v2/models/masked/infer")
            .header("Content-Type", "application/octet-stream")
            .header("Inference-Header-Content-Length", Integer.toString(json.length()))
            .POST(BodyPublishers.ofByteArray(body.array())));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/octet-stream");
        int length = Integer.parseInt(answer.headers().firstValue("Inference-Header-Content-Length").orElseThrow());
        JsonNode head = Answer.JSON.readTree(new String(answer.body(), 0, length, StandardCharsets.UTF_8));
        assertThat(head.at("/outputs/0/parameters/binary_data_size").asInt()).isEqualTo(12);
        ByteBuffer tensor = ByteBuffer.wrap(answer.body(), length, 12).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(new float[] { tensor.getFloat(), tensor.getFloat(), tensor.getFloat() }).containsExactly(1.5f, 0, 3);
        assertThat(tensor.position()).isEqualTo(answer.body().length);
    }

    @Test
    void aBodyOfNothingButElementsIsOneRow() {
        HttpResponse<byte[]> answer = send(client.request(TUPLE)
            .header("Inference-Header-Content-Length", "0")
            .POST(BodyPublishers.ofByteArray(new byte[4 * 3 * 4])));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Inference-Header-Content-Length")).isPresent();
    }

    @Test
    void noContentTypeAndNamesThatAreQuotedAreTaken() {
        assertThat(client.send(
                client.request("/v2/models/%74uple/versions/%31/infer").POST(BodyPublishers.ofString(window("tuple")))))
            .hasStatus(200);
        assertThat(client.send(client.request(TUPLE)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(window("tuple"))))).hasStatus(200);
    }

    @Test
    void whatOutputsMeanAndTheGreatestClassesAreAnsweredOnRequest() {
        JsonNode meant = infer(TUPLE, window("tuple").replaceFirst("\\{", "{\"parameters\": {\"signal\": true}, "));
        JsonNode classes = infer(TUPLE, window("tuple").replaceFirst("\\{",
                "{\"outputs\": [{\"name\": \"direction_logits\", \"parameters\": {\"classification\": 1}}], "));

        String direction = output(meant.at("/outputs"), "direction").at("/data/0").asString();
        assertThat(direction).isIn("SELL", "HOLD", "BUY");
        assertThat(classes.at("/outputs/0/shape").toString()).isEqualTo("[1,1]");
        assertThat(classes.at("/outputs/0/data/0").asString()).endsWith(":" + direction);
        assertThat(meant.at("/parameters/prediction_id").asString()).hasSize(36);
    }

    @Test
    void stepsOfASequenceFillItsWindow() {
        String step = "{\"parameters\": {\"sequence_id\": %s%s}, \"inputs\": [{\"name\": \"features\", \"shape\": [1, 3], "
                + "\"datatype\": \"FP32\", \"data\": [1, 2, 3]}]}";

        for (int i = 1; i < 4; i++) {
            Answer filling = client.post(TUPLE,
                    step.formatted("\"BTC\"", (i == 1) ? ", \"sequence_start\": true" : ""));
            assertThat(filling).hasStatus(409);
            assertThat(filling.json().at("/error").asString())
                .isEqualTo("the step was kept, but the window of 'BTC' has %d of the 4 steps that the model looks at"
                    .formatted(i));
        }
        assertThat(infer(TUPLE, step.formatted("\"BTC\"", ", \"sequence_end\": true")).at("/parameters/sequence_id")
            .asString()).isEqualTo("BTC");
        assertThat(client.get("/api/ml/windows").body()).doesNotContain("BTC");
    }

    @ParameterizedTest
    @CsvSource({ "GET, /v2/models/none, 404", "GET, /v2/nowhere, 404", "POST, /v2, 405",
            "GET, /v2/models/tuple/infer, 405", "POST, /v2/models/tuple/infer, 400", "POST, /v2/models/none/infer, 400",
            "GET, /v2/models/none/ready, 404", "POST, /v2/repository/models/none/load, 404",
            "GET, /v2/models/tuple/versions/x%2F..%2Fy, 400" })
    void everyErrorIsAFieldOfThatName(String method, String path, int status) {
        Answer answer = client.send(client.request(path).method(method, BodyPublishers.noBody()));

        assertThat(answer).hasStatus(status);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(answer.json().at("/error").asString()).isNotEmpty();
        assertThat(answer.json().propertyNames()).containsExactly("error");
    }

    @Test
    void tooLargeABodyOrHeaderIsAnErrorToo() {
        Answer headers = client.send(client.request("/v2").header("X-Long", "x".repeat(20_000)));

        assertThat(headers.status()).isIn(400, 431);
        assertThat(headers.json().at("/error").asString()).isNotEmpty();
        assertThat(client.send(client.request(TUPLE).POST(BodyPublishers.ofByteArray(new byte[17 << 20]))))
            .hasStatus(413);
    }

    @Test
    void aModelIsUnloadedAndLoadedAgainWithoutABody() {
        assertThat(client.post("/v2/repository/models/datatypes/unload")).hasStatus(200);
        assertThat(client.get("/v2/models/datatypes/ready")).hasStatus(503);
        assertThat(client.post("/v2/repository/index", "{\"ready\": true}").body()).doesNotContain("datatypes");
        assertThat(client.post("/v2/models/datatypes/infer", "{\"inputs\": [{\"name\": \"fp32\", \"shape\": [1, 2], "
                + "\"datatype\": \"FP32\", \"data\": [1, 2]}]}"))
            .hasStatus(503);
        assertThat(client.post("/v2/repository/models/datatypes/load")).hasStatus(200);
        assertThat(client.get("/v2/models/datatypes/ready")).hasStatus(200);
        assertThat(client.post("/v2/repository/index").json().toString())
            .contains("{\"name\":\"datatypes\",\"version\":\"1\",\"state\":\"READY\",\"reason\":\"\"}");
        assertThat(client.get("/api/ml/models/datatypes").json().at("/0/stage").asString()).isEqualTo("PRODUCTION");
    }

    @Test
    void statisticsCountWhatAVersionHasAnsweredWhoeverAsked() {
        long before = statistics().at("/inference_count").asLong();

        infer(TUPLE, window("tuple"));
        client.predict("{\"symbol\": \"S\", \"features\": [[1,2,3],[1,2,3],[1,2,3],[1,2,3]]}");

        JsonNode after = statistics();
        assertThat(after.at("/inference_count").asLong()).isGreaterThanOrEqualTo(before + 2);
        assertThat(after.at("/execution_count").asLong()).isPositive();
        assertThat(after.at("/inference_stats/compute_infer/ns").asLong()).isPositive();
        assertThat(after.at("/batch_stats/0/batch_size").asInt()).isEqualTo(1);
        assertThat(client.get("/v2/models/stats").json().at("/model_stats").size()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void metersCountEachRowAsTheyCountPredictions() {
        double before = predictions();

        infer("/v2/models/masked/infer", """
                {"inputs": [{"name": "features", "shape": [2, 3], "datatype": "FP32", "data": [1, 0, 0, 2, 0, 0]},
                            {"name": "mask", "shape": [2, 3], "datatype": "BOOL", "data": [1, 1, 1, 1, 1, 1]}]}""");

        assertThat(predictions()).isGreaterThanOrEqualTo(before + 2);
    }

    private static double predictions() {
        return client.get("/actuator/prometheus")
            .body()
            .lines()
            .filter((line) -> line.startsWith("modelserver_predictions_total{outcome=\"SELL\"}"))
            .mapToDouble((line) -> Double.parseDouble(line.substring(line.indexOf(' '))))
            .sum();
    }

    private static JsonNode statistics() {
        return client.get("/v2/models/tuple/versions/1/stats").json().at("/model_stats/0");
    }

    private static String window(String name) {
        return "{\"id\": \"%s\", \"inputs\": [{\"name\": \"features\", \"shape\": [1, 4, 3], \"datatype\": \"FP32\", "
            .formatted(name) + "\"data\": [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3]}]}";
    }

    private static JsonNode infer(String path, String json) {
        Answer answer = client.post(path, json);
        assertThat(answer.body()).contains("\"outputs\"");
        assertThat(answer).hasStatus(200);
        return answer.json();
    }

    private static JsonNode output(JsonNode outputs, String name) {
        return outputs.valueStream()
            .filter((output) -> output.at("/name").asString().equals(name))
            .findFirst()
            .orElseThrow();
    }

    private static HttpResponse<byte[]> send(HttpRequest.Builder request) {
        try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return http.send(request.build(), BodyHandlers.ofByteArray());
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(ex);
        }
    }

}

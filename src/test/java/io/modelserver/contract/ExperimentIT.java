package io.modelserver.contract;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An experiment between the two bundled versions from its beginning to the promotion,
 * through HTTP only. The truth is that the price does what the new version says.
 */
class ExperimentIT {

    private static final String OLD = "20251114_192715";

    private static final String NEW = "20251121_081530";

    private static final int INPUTS = 24;

    private static final int SYMBOLS = 100;

    private static final Instant START = Instant.parse("2026-01-02T00:00:00Z");

    private final Random random = new Random(1);

    /** Each round is an hour of market time. */
    private int hours;

    @Test
    void theBetterVersionIsFoundAcrossARestartAndPromoted() {
        PackagedServer server = PackagedServer.withModels("--modelserver.inference.engine=onnxruntime");
        try {
            ExperimentClient client = new ExperimentClient(server.client());
            List<String> inputs = inputsOnWhichTheVersionsDiffer(client.http());
            assertThat(client.create("""
                    { "experiment_id": "new_against_old", "control_model_name": "hybrid_cnn_lstm",
                      "control_model_version": "%s", "treatment_model_name": "hybrid_cnn_lstm",
                      "treatment_model_version": "%s", "control_traffic": 0.5, "treatment_traffic": 0.5,
                      "outcome_horizon": "15m" }""".formatted(OLD, NEW))).hasStatus(200);

            Map<String, String> variants = trade(client, inputs, 10);
            int before = samples(client);
            server = server.restarted("--modelserver.inference.engine=onnxruntime");
            client = new ExperimentClient(server.client());
            assertThat(samples(client)).isEqualTo(before).isEqualTo(10 * SYMBOLS);
            Map<String, String> variantsAfter = trade(client, inputs, 10);

            assertThat(variantsAfter).isEqualTo(variants);
            JsonNode analysis = client.analyze("new_against_old");
            assertThat(samples(client)).isEqualTo(20 * SYMBOLS);
            assertThat(ExperimentClient.variant(analysis, "treatment").at("/accuracy").asDouble())
                .isGreaterThan(ExperimentClient.variant(analysis, "control").at("/accuracy").asDouble());
            assertThat(analysis.at("/statistical_significance/significant").asBoolean()).as(analysis.toString())
                .isTrue();
            assertThat(analysis.at("/recommendation/action").asString()).isEqualTo("promote");
            assertThat(analysis.at("/recommendation/variant").asString()).isEqualTo("treatment");

            assertThat(client.stop("new_against_old").json().at("/recommendation/action").asString())
                .isEqualTo("promote");
            assertThat(client.http()
                .post("/api/ml/models/hybrid_cnn_lstm/versions/%s/stage".formatted(NEW), "{\"stage\":\"PRODUCTION\"}"))
                .hasStatus(200);
            assertThat(client.http().predict(request("S0", inputs.getFirst())).json().at("/model_version").asString())
                .isEqualTo(NEW);
        }
        finally {
            server.close();
        }
    }

    private Map<String, String> trade(ExperimentClient client, List<String> inputs, int rounds) {
        Map<String, String> variants = new ConcurrentHashMap<>();
        Map<String, Integer> moves = new ConcurrentHashMap<>();
        for (int round = 0; round < rounds; round++, hours++) {
            List<String> requests = new ArrayList<>();
            for (int symbol = 0; symbol < SYMBOLS; symbol++) {
                String input = inputs.get(random.nextInt(inputs.size()));
                moves.put("S" + symbol, Integer.parseInt(input.substring(0, input.indexOf('['))));
                requests.add(request("S" + symbol, input).replace("{\"symbol\"",
                        "{\"timestamp\":\"%s\",\"symbol\"".formatted(START.plus(Duration.ofHours(hours)))));
            }
            client
                .trade(requests,
                        (answer) -> 0.005 * moves.get(answer.at("/symbol").asString()) + 0.01 * random.nextGaussian())
                .forEach((answer) -> variants.put(answer.at("/symbol").asString(), answer.at("/variant").asString()));
        }
        return variants;
    }

    /** What the new version makes of each, as -1, 0 or 1, then the features. */
    private List<String> inputsOnWhichTheVersionsDiffer(Client http) {
        List<GoldenSample> samples = GoldenSample.all();
        List<String> inputs = new ArrayList<>();
        while (inputs.size() < INPUTS) {
            GoldenSample sample = samples.get(random.nextInt(samples.size()));
            double scale = 0.25 + 2 * random.nextDouble();
            StringBuilder features = new StringBuilder("[");
            for (JsonNode value : sample.flat()) {
                features.append((features.length() == 1) ? "" : ",")
                    .append((float) (value.asDouble() * scale + 0.3 * random.nextGaussian()));
            }
            features.append(']');
            int old = direction(http, OLD, features.toString());
            int now = direction(http, NEW, features.toString());
            if (old != now) {
                inputs.add(now + features.toString());
            }
        }
        return inputs;
    }

    private static int direction(Client http, String version, String features) {
        Answer answer = http
            .predict("{\"symbol\":\"A\",\"model_version\":\"%s\",\"features\":%s}".formatted(version, features));
        assertThat(answer).hasStatus(200);
        return switch (answer.json().at("/prediction/direction").asString()) {
            case "BUY" -> 1;
            case "SELL" -> -1;
            default -> 0;
        };
    }

    private static String request(String symbol, String input) {
        return "{\"symbol\":\"%s\",\"features\":%s}".formatted(symbol, input.substring(input.indexOf('[')));
    }

    private static int samples(ExperimentClient client) {
        JsonNode analysis = client.analyze("new_against_old");
        return ExperimentClient.variant(analysis, "control").at("/samples").asInt()
                + ExperimentClient.variant(analysis, "treatment").at("/samples").asInt();
    }

}

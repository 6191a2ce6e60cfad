package io.modelserver.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What dashboard and alerts ask of Prometheus, a server that was used really exports. */
class DashboardIT {

    private static final Pattern METRIC = Pattern.compile("\\b(modelserver|http|jvm|process|system)_\\w+");

    private static PackagedServer server;

    private static Set<String> exported;

    @BeforeAll
    static void useAServer() throws IOException {
        server = PackagedServer.withRegistry((models) -> SmallModel.in(models, "small").withFeatureStats(),
                "--modelserver.default-model=small", "--modelserver.inference.instances=1",
                "--modelserver.batching.max-batch-size=2", "--modelserver.drift.min-samples=1",
                "--modelserver.drift.refresh=100ms");
        Client client = server.client();
        ExperimentClient experiments = new ExperimentClient(client);
        assertThat(experiments.create("{\"experiment_id\":\"e\",\"control_model_name\":\"small\","
                + "\"treatment_model_version\":\"2\",\"control_traffic\":0.5,\"treatment_traffic\":0.5}"))
            .hasStatus(200);
        assertThat(client.post("/api/ml/models/small/versions/2/stage", "{\"stage\":\"PRODUCTION\"}")).hasStatus(200);
        String request = new SmallModel(server.models().resolve("small")).request();
        Eventually.isSo(() -> client.predict(request).status() == 200
                && exported(client).containsAll(Set.of("modelserver_queue_depth", "modelserver_drift_worst_psi")));
        exported = exported(client);
    }

    private static Set<String> exported(Client client) {
        return client.get("/actuator/prometheus")
            .body()
            .lines()
            .filter((line) -> !line.startsWith("#"))
            .map((line) -> line.split("[{ ]", 2)[0])
            .collect(Collectors.toCollection(TreeSet::new));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = { "config/grafana/dashboards/ml-model-server.json", "config/prometheus/alerts.yml" })
    void everyMetricThatIsAskedForIsThere(String file) throws IOException {
        Set<String> asked = METRIC.matcher(expressions(Path.of(file)))
            .results()
            .map((match) -> match.group())
            .collect(Collectors.toCollection(TreeSet::new));

        assertThat(asked).hasSizeGreaterThan(5);
        assertThat(exported).containsAll(asked);
    }

    private static String expressions(Path file) throws IOException {
        String text = Files.readString(file);
        if (!file.toString().endsWith(".json")) {
            return text;
        }
        List<String> expressions = new ArrayList<>();
        for (JsonNode panel : Answer.JSON.readTree(text).at("/panels")) {
            panel.at("/targets").forEach((target) -> expressions.add(target.at("/expr").asString()));
        }
        return String.join("\n", expressions);
    }

}

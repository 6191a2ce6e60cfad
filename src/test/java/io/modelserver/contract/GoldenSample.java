package io.modelserver.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An input of a version of the bundled classifier and what PyTorch made of it.
 *
 * @param metadata of the version
 * @param number its position in {@code sample.json}
 * @param window the features, steps first
 * @param outputs by name
 */
public record GoldenSample(JsonNode metadata, int number, ArrayNode window, JsonNode outputs) {

    static List<GoldenSample> all() {
        List<GoldenSample> samples = new ArrayList<>();
        try (Stream<Path> files = Files.walk(PackagedServer.MODELS.resolve(PackagedServer.CLASSIFIER), 2)) {
            for (Path file : files.filter((path) -> path.endsWith("sample.json")).sorted().toList()) {
                JsonNode metadata = Answer.JSON.readTree(Files.readString(file.resolveSibling("metadata.json")));
                for (JsonNode sample : Answer.JSON.readTree(Files.readString(file)).at("/samples")) {
                    samples.add(new GoldenSample(metadata, samples.size(), sample.at("/inputs/features").asArray(),
                            sample.at("/outputs")));
                }
            }
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        return samples;
    }

    /** One of the version in production. */
    static GoldenSample inProduction() {
        return all().stream()
            .filter((sample) -> sample.metadata().at("/stage").asString().equals("Production"))
            .findFirst()
            .orElseThrow();
    }

    String model() {
        return metadata.at("/name").asString();
    }

    String version() {
        return metadata.at("/version").asString();
    }

    ArrayNode flat() {
        ArrayNode flat = Answer.JSON.createArrayNode();
        window.forEach((step) -> flat.addAll((ArrayNode) step));
        return flat;
    }

    /** One object a step, its features under the names that the metadata gives them. */
    ArrayNode named() {
        ArrayNode steps = Answer.JSON.createArrayNode();
        for (JsonNode values : window) {
            ObjectNode step = steps.addObject();
            for (int i = 0; i < values.size(); i++) {
                String path = metadata.at("/feature_names").get(i).asString();
                ObjectNode parent = step;
                while (path.contains(".")) {
                    parent = parent.withObjectProperty(path.substring(0, path.indexOf('.')));
                    path = path.substring(path.indexOf('.') + 1);
                }
                parent.set(path, values.get(i));
            }
        }
        return steps;
    }

    ObjectNode request() {
        return request(flat());
    }

    static ObjectNode request(JsonNode features) {
        ObjectNode request = Answer.JSON.createObjectNode().put("symbol", "BTCUSDT");
        request.set("features", features);
        return request;
    }

    @Override
    public String toString() {
        return "%s:%s #%d".formatted(model(), version(), number);
    }

}

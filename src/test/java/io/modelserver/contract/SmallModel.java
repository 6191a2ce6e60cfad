package io.modelserver.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import tools.jackson.databind.node.ObjectNode;

/**
 * A model that loads in a moment, with two versions that answer differently: 1 in
 * production, 2 in no stage.
 *
 * @param folder where it lies in the registry
 */
record SmallModel(Path folder) {

    static final String FIRST = "1";

    static final String SECOND = "2";

    private static final Path FILES = Path.of("src", "test", "resources", "torchscript");

    static SmallModel in(Path models, String name) throws IOException {
        SmallModel model = new SmallModel(models.resolve(name));
        PackagedServer.copy(FILES.resolve("tuple"), model.version(FIRST));
        PackagedServer.copy(FILES.resolve("dict"), model.version(SECOND));
        Files.writeString(model.marker("production"), FIRST + "\n");
        return model;
    }

    /** As if its three features had been spread evenly from 0 to 10 in training. */
    SmallModel withFeatureStats() throws IOException {
        for (String version : List.of(FIRST, SECOND)) {
            Path file = version(version).resolve("metadata.json");
            ObjectNode metadata = (ObjectNode) Answer.JSON.readTree(Files.readString(file));
            for (String feature : List.of("a", "b", "c")) {
                metadata.withObject("/feature_stats/" + feature)
                    .put("mean", 5)
                    .put("std", 2.9)
                    .set("quantiles", Answer.JSON.readTree("[0,1,2,3,4,5,6,7,8,9,10]"));
            }
            Files.writeString(file, metadata.toString());
        }
        return this;
    }

    Path version(String version) {
        return folder.resolve(version);
    }

    Path marker(String stage) {
        return folder.resolve("." + stage);
    }

    String name() {
        return folder.getFileName().toString();
    }

    /** Without the server: what the marker says. */
    String production() throws IOException {
        return Files.readString(marker("production")).strip();
    }

    String request() {
        ObjectNode request = Answer.JSON.createObjectNode().put("symbol", "S").put("model_name", name());
        request.set("features", Answer.JSON.readTree("[1,2,3,4,5,6,7,8,9,10,11,12]"));
        return request.toString();
    }

}

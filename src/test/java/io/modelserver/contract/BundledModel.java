package io.modelserver.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One of the models that come with the server, of which tests have a second version.
 *
 * @param name of the model
 * @param first the version in production
 * @param second another one
 */
record BundledModel(String name, String first, String second) {

    /** Later than all that are bundled. */
    private static final String COPY = "20990101_000000";

    static List<BundledModel> all() {
        try (Stream<Path> folders = Files.list(PackagedServer.MODELS)) {
            return folders.filter((folder) -> Files.exists(folder.resolve(".production")))
                .map(BundledModel::in)
                .sorted((one, other) -> one.name().compareTo(other.name()))
                .toList();
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static BundledModel in(Path folder) {
        try {
            return new BundledModel(String.valueOf(folder.getFileName()),
                    Files.readString(folder.resolve(".production")).strip(), COPY);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** Copies all of them, and the version in production of each a second time. */
    static void copyAllTwice(Path models) throws IOException {
        PackagedServer.copy(PackagedServer.MODELS, models);
        for (BundledModel model : all()) {
            Files.deleteIfExists(models.resolve(model.name()).resolve(".staging"));
            Path second = models.resolve(model.name()).resolve(model.second());
            PackagedServer.copy(PackagedServer.MODELS.resolve(model.name()).resolve(model.first()), second);
            ObjectNode metadata = (ObjectNode) Answer.JSON.readTree(Files.readString(second.resolve("metadata.json")));
            Files.writeString(second.resolve("metadata.json"),
                    metadata.put("version", model.second()).put("stage", "None").toString());
        }
    }

    /** The first of its golden samples. */
    JsonNode golden() {
        try {
            return Answer.JSON
                .readTree(Files.readString(PackagedServer.MODELS.resolve(name).resolve(first).resolve("sample.json")))
                .at("/samples/0");
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /**
     * Splits a request that holds whole windows into one request per step.
     * @param whole the request
     * @return as many as the longest window has steps; a shorter one begins later, and
     * its first step goes along until then; a single one if the model has no window
     */
    static List<ObjectNode> steps(ObjectNode whole) {
        int count = Math.max(length(whole.path("features"), 2), length(whole.path("raw_lob"), 3));
        List<ObjectNode> steps = new ArrayList<>();
        for (int step = 0; step < count; step++) {
            ObjectNode one = whole.deepCopy();
            one.put("timestamp", 1_767_323_040_000L + 60_000L * step);
            for (String input : List.of("features", "raw_lob")) {
                int own = length(whole.path(input), input.equals("features") ? 2 : 3);
                if (own > 1) {
                    one.set(input, whole.path(input).get(Math.max(0, step - (count - own))));
                }
            }
            steps.add(one);
        }
        return steps;
    }

    /** The first dimension, if there are as many as a window has. */
    private static int length(JsonNode array, int dimensions) {
        int depth = 0;
        for (JsonNode part = array; part.isArray(); part = part.path(0)) {
            depth++;
        }
        return (depth == dimensions) ? array.size() : 1;
    }

    @Override
    public String toString() {
        return name;
    }

}

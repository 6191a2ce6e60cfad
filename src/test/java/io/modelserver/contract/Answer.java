package io.modelserver.contract;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.assertj.core.api.AssertProvider;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a server answered. */
record Answer(URI uri, int status, Map<String, List<String>> headers,
        String body) implements AssertProvider<AnswerAssert> {

    static final JsonMapper JSON = JsonMapper.shared();

    JsonNode json() {
        return JSON.readTree(body);
    }

    /** The prediction as text: equal texts are equal numbers, bit for bit. */
    String prediction() {
        return json().at("/prediction").toString();
    }

    String header(String name) {
        return headers.entrySet()
            .stream()
            .filter((header) -> header.getKey().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT)))
            .flatMap((header) -> header.getValue().stream())
            .findFirst()
            .orElse("");
    }

    /** The paths of all fields, in their order. */
    List<String> fields() {
        return fields(json());
    }

    static List<String> fields(String json) {
        return fields(JSON.readTree(json));
    }

    static List<String> fields(JsonNode json) {
        List<String> paths = new ArrayList<>();
        json.properties().forEach((field) -> {
            paths.add(field.getKey());
            fields(field.getValue()).forEach((path) -> paths.add(field.getKey() + "." + path));
        });
        return paths;
    }

    @Override
    public AnswerAssert assertThat() {
        return new AnswerAssert(this);
    }

}

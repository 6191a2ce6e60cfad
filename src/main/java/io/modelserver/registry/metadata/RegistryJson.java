package io.modelserver.registry.metadata;

import java.util.regex.Pattern;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * How files in the registry are read and rewritten: NaN as Python writes it, numbers
 * digit by digit, but nothing deeper than a person would nest it.
 */
public final class RegistryJson {

    /** How deep the JSON of a file or a request may be nested. */
    public static final int DEEPEST = 32;

    public static final JsonMapper MAPPER = JsonMapper
        .builder(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
            .build())
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
        .build();

    /** Advice to programmers. */
    private static final Pattern FEATURES = Pattern.compile("\\s*\\([^()]*[Ff]eature[^()]*\\)");

    private RegistryJson() {
    }

    /**
     * {@return what is wrong with a file, without the parser's own settings}
     */
    static String reason(JacksonException ex) {
        return FEATURES.matcher(String.valueOf(ex.getOriginalMessage())).replaceAll("");
    }

}

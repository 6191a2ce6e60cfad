package io.modelserver.front.json;

import java.util.ArrayList;
import java.util.List;

import io.modelserver.model.FeatureNames;
import io.modelserver.trading.InvalidFeaturesException;
import io.modelserver.trading.RequestFeatures;
import io.modelserver.trading.TimedStep;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * An object of named features, or a list of such objects.
 *
 * @param json the value
 * @param isSequence whether it is a list
 */
public record JsonSteps(JsonSlice json, boolean isSequence) implements RequestFeatures.Named {

    private static final String FEATURES = "features";

    @Override
    public List<TimedStep> read(FeatureNames names, boolean nullable) throws InvalidFeaturesException {
        try (JsonParser parser = json.parser()) {
            List<TimedStep> steps = new ArrayList<>();
            JsonToken token = parser.nextToken();
            if (!isSequence) {
                steps.add(readStep(parser, names, FEATURES, nullable));
            }
            else {
                for (token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                    String field = "%s[%d]".formatted(FEATURES, steps.size());
                    if (token != JsonToken.START_OBJECT) {
                        throw new InvalidFeaturesException("%s is %s, expected an object of named features"
                            .formatted(field, JsonTokens.name(token)));
                    }
                    steps.add(readStep(parser, names, field, nullable));
                }
            }
            return steps;
        }
        catch (JacksonException ex) {
            throw new InvalidFeaturesException(JsonTokens.reason(ex));
        }
    }

    private static TimedStep readStep(JsonParser parser, FeatureNames names, String field, boolean nullable)
            throws InvalidFeaturesException {
        return names.names().isEmpty() ? new UnnamedStepReader(nullable).read(parser, field)
                : new NamedStepReader(names, field, nullable).read(parser);
    }

}

package io.modelserver.front.operators;

import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.conduct.Look;
import io.modelserver.experiment.verdict.Analysis;
import io.modelserver.experiment.verdict.AnalysisFormat;
import org.springframework.stereotype.Component;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Final analyses as they are kept: the JSON that callers got. Fields that were added or
 * removed since then do no harm.
 */
@Component
public final class AnalysisTexts implements AnalysisFormat {

    private final JsonMapper mapper;

    AnalysisTexts(JsonMapper mapper) {
        this.mapper = mapper.rebuild()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();
    }

    @Override
    public String write(Experiment experiment, Analysis analysis) {
        return mapper.writeValueAsString(AnalysisJson.of(experiment, analysis));
    }

    AnalysisJson json(Experiment experiment, Look look) {
        return switch (look) {
            case Look.Passing(Analysis analysis) -> AnalysisJson.of(experiment, analysis);
            case Look.Final(var kept) -> mapper.readValue(kept.json(), AnalysisJson.class);
        };
    }

}

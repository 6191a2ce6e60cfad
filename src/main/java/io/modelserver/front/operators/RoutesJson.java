package io.modelserver.front.operators;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.modelserver.registry.live.LiveVersions;
import io.modelserver.registry.load.ServedModel;
import io.modelserver.route.Route;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Which model answers requests that name none; {@code answers} is there only where a
 * symbol was asked for.
 */
record RoutesJson(@Schema(description = "answers where no route matches") String defaultModel,
        @Schema(description = "the version of it that answers now; null if there is none, then requests are refused",
                nullable = true) @Nullable String defaultModelVersion,
        List<Entry> routes, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Answering answers) {

    /** The model of one symbol, by a route or by default. */
    record Answering(String modelName,
            @Schema(description = "the version that answers now; null if there is none",
                    nullable = true) @Nullable String modelVersion,
            @Schema(description = "whether no route matches") boolean byDefault) {
    }

    /** One route, as it is set. */
    record Entry(@Schema(description = "exact symbols, or beginnings followed by *") List<String> symbols,
            @Schema(description = "none for all") List<String> timeframes, String modelName,
            @Schema(description = "the version that answers now; null if there is none, then requests are refused",
                    nullable = true) @Nullable String modelVersion) {

        static Entry of(Route route, LiveVersions live) {
            return new Entry(route.symbols(), route.timeframes(), route.model(), version(route.model(), live));
        }

    }

    static @Nullable String version(String model, LiveVersions live) {
        ServedModel served = live.serving(model);
        return (served != null) ? served.id().version() : null;
    }

}

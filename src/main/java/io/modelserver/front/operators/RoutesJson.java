package io.modelserver.front.operators;

import java.util.List;

import io.modelserver.registry.live.LiveVersions;
import io.modelserver.registry.load.ServedModel;
import io.modelserver.route.Route;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Which model answers requests that name none. */
record RoutesJson(@Schema(description = "answers where no route matches") String defaultModel, List<Entry> routes) {

    /** One route, as it is set. */
    record Entry(@Schema(description = "exact symbols, or beginnings followed by *") List<String> symbols,
            @Schema(description = "none for all") List<String> timeframes, String modelName,
            @Schema(description = "the version that answers now; null if there is none, then requests are refused",
                    nullable = true) @Nullable String modelVersion) {

        static Entry of(Route route, LiveVersions live) {
            ServedModel served = live.serving(route.model());
            return new Entry(route.symbols(), route.timeframes(), route.model(),
                    (served != null) ? served.id().version() : null);
        }

    }

}

package io.modelserver.route;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import io.modelserver.registry.live.HealthReasons;
import io.modelserver.registry.live.RegistryHealth;

/**
 * Finds routes to models that can't answer: their requests are refused, since another
 * model's answer would be a wrong one.
 */
final class UnservedRoutes implements HealthReasons {

    private final Routes routes;

    private final Predicate<String> isServed;

    /**
     * Creates a finder.
     * @param routes those that are set
     * @param isServed whether a model has a version that answers requests
     */
    UnservedRoutes(Routes routes, Predicate<String> isServed) {
        this.routes = routes;
        this.isServed = isServed;
    }

    @Override
    public List<String> find(RegistryHealth registry) {
        return find();
    }

    /**
     * {@return a sentence for each model that routes lead to and that is not served}
     */
    List<String> find() {
        Map<String, Route> unserved = new LinkedHashMap<>();
        for (Route route : routes.all()) {
            if (!isServed.test(route.model())) {
                unserved.putIfAbsent(route.model(), route);
            }
        }
        List<String> reasons = new ArrayList<>(unserved.size());
        unserved.forEach((model, route) -> reasons.add(
                "%s sends requests for %s to '%s', of which no version is served: they are refused until one is promoted"
                    .formatted(route.setting(), String.join(", ", route.symbols()), model)));
        return reasons;
    }

}

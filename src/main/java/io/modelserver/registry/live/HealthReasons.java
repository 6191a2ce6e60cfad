package io.modelserver.registry.live;

import java.util.List;

/**
 * What a room that is not the registry contributes to the reasons why the server is
 * degraded.
 */
@FunctionalInterface
public interface HealthReasons {

    /**
     * Looks for what is wrong.
     * @param registry how the registry is
     * @return a sentence for each thing that an operator should look at
     */
    List<String> find(RegistryHealth registry);

}

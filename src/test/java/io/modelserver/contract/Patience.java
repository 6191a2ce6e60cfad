package io.modelserver.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The settings that a server has in tests which are not about them: limits so long that a
 * slow machine is no failure, and no warming up.
 */
final class Patience {

    private static final List<String> SETTINGS = List.of("--modelserver.warm-up.requests=0",
            "--modelserver.warm-up.longest=10m", "--modelserver.prediction.deadline=5m",
            "--modelserver.inference.longest-pass=5m", "--modelserver.registry.load-limit=15m",
            "--modelserver.registry.trial-limit=5m", "--modelserver.web.head-deadline=5m",
            "--modelserver.web.body-deadline=5m", "--server.tomcat.connection-timeout=5m",
            "--server.tomcat.keep-alive-timeout=15m", "--spring.datasource.hikari.connection-timeout=120000",
            "--spring.lifecycle.timeout-per-shutdown-phase=5m");

    private Patience() {
    }

    /**
     * {@return these settings, but for those that are given, and then those}
     */
    static List<String> with(String... given) {
        List<String> settings = new ArrayList<>();
        for (String setting : SETTINGS) {
            String name = setting.substring(0, setting.indexOf('=') + 1);
            if (Stream.of(given).noneMatch((other) -> other.startsWith(name))) {
                settings.add(setting);
            }
        }
        settings.addAll(List.of(given));
        return settings;
    }

}

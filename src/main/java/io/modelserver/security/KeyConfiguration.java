package io.modelserver.security;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Loads the keys of callers. */
@Configuration(proxyBeanMethods = false)
public class KeyConfiguration {

    private static final Logger logger = LoggerFactory.getLogger(KeyConfiguration.class);

    KeyConfiguration() {
    }

    /** Null where there is no file of them. */
    @Bean
    @Nullable KeyRing keyRing(SecurityProperties properties, LongSupplier nanoTime) {
        Optional<Path> file = KeyFileLocation.of(properties.apiKeysFile(), System.getenv());
        if (file.isEmpty()) {
            logger.info("no API keys: changes are accepted from this host only");
            return null;
        }
        return new KeyRing(new KeyFile(file.get()), nanoTime);
    }

}

package io.modelserver.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

import io.modelserver.security.KeyFile;
import io.modelserver.security.KeyFileContent;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/**
 * Says in one line why the file of API keys can't be used, before anything is loaded, and
 * ends the process: a server that was to be closed must not start open.
 */
public final class KeyFileCheck implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final int CONFIGURATION_ERROR = 78;

    private static final String PREFIX = "modelserver.security.";

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        problem(context.getEnvironment()).ifPresent((problem) -> {
            System.err.println(problem);
            System.exit(CONFIGURATION_ERROR);
        });
    }

    private static Optional<String> problem(Environment environment) {
        String setting = environment.getProperty(PREFIX + "api-keys-file", "");
        try {
            Optional<Path> file = KeyFileLocation.of(setting, System.getenv());
            if (file.isEmpty()) {
                return environment.getProperty(PREFIX + "require-key-for-predict", Boolean.class, false)
                        ? Optional.of(PREFIX + "require-key-for-predict needs API keys: name their file in "
                                + "MODELSERVER_API_KEYS_FILE")
                        : Optional.empty();
            }
            return (new KeyFile(file.get()).read() instanceof KeyFileContent.Mistake(String reason))
                    ? Optional.of(reason.substring(0, 1).toUpperCase(Locale.ROOT) + reason.substring(1))
                    : Optional.empty();
        }
        catch (InvalidPathException ex) {
            return Optional.of(PREFIX + "api-keys-file is no path");
        }
    }

}

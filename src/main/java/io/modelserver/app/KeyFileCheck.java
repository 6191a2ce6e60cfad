package io.modelserver.app;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import io.modelserver.security.KeyFile;
import io.modelserver.security.KeyFileContent;
import io.modelserver.security.KeyFileLocation;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/**
 * Reports in one line why the file of API keys can't be used, or which setting needs one,
 * before anything is loaded, and ends the process: a server that requires keys must not
 * start without them.
 */
public final class KeyFileCheck implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final int CONFIGURATION_ERROR = 78;

    private static final String PREFIX = "modelserver.security.";

    private static final String FORWARDED = "server.forward-headers-strategy";

    private static final String NO_HEADERS = "none";

    private static final List<String> FORWARDED_BY_TOMCAT = List.of("server.tomcat.remoteip.remote-ip-header",
            "server.tomcat.remoteip.protocol-header");

    private static final String NEEDS_KEYS = " needs API keys: name their file in MODELSERVER_API_KEYS_FILE";

    /** Creates the check; it reads its settings from the context that it is given. */
    public KeyFileCheck() {
    }

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        problem(context.getEnvironment()).ifPresent((problem) -> {
            System.err.println(problem);
            System.exit(CONFIGURATION_ERROR);
        });
    }

    /** The setting that is not allowed without keys. */
    private static Optional<String> withoutKeys(Environment environment) {
        if (environment.getProperty(PREFIX + "require-key-for-predict", Boolean.class, false)) {
            return Optional.of(PREFIX + "require-key-for-predict");
        }
        // Whether a call comes from this host would then be what its caller writes.
        if (!environment.getProperty(FORWARDED, NO_HEADERS).strip().equalsIgnoreCase(NO_HEADERS)) {
            return Optional.of(FORWARDED);
        }
        return FORWARDED_BY_TOMCAT.stream()
            .filter((header) -> !environment.getProperty(header, "").isBlank())
            .findFirst();
    }

    private static Optional<String> problem(Environment environment) {
        String setting = environment.getProperty(PREFIX + "api-keys-file", "");
        try {
            Optional<Path> file = KeyFileLocation.of(setting, System.getenv());
            if (file.isEmpty()) {
                return withoutKeys(environment).map((name) -> name + NEEDS_KEYS);
            }
            return (new KeyFile(file.get()).read() instanceof KeyFileContent.Mistake(String reason))
                    ? Optional.of(reason.substring(0, 1).toUpperCase(Locale.ROOT) + reason.substring(1))
                    : Optional.empty();
        }
        catch (InvalidPathException ex) {
            return Optional.of(PREFIX + "api-keys-file is not a path");
        }
    }

}

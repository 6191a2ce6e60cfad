package io.modelserver.registry.store;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.modelserver.model.ModelId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Failures that nobody expected while the files of one version were read. They are that
 * version's error and nobody else's, and are logged once, since listings and health
 * checks read the same files again and again.
 */
final class ReaderFailures {

    private static final Logger logger = LoggerFactory.getLogger(ReaderFailures.class);

    private final Set<String> logged = ConcurrentHashMap.newKeySet();

    /**
     * Logs a failure, unless the log has it already.
     * @param version whose files were read
     * @param failure the exception
     * @return a sentence for the listing
     */
    String report(ModelId version, RuntimeException failure) {
        if (logged.add(version + " " + failure)) {
            logger.error("the files of {} can't be read", version, failure);
        }
        return "its files can't be read because of a fault of the server, which the log describes: replace what is "
                + "unusual in metadata.json";
    }

}

package io.modelserver.security;

import java.util.List;

/** What was found in a file of keys. */
public sealed interface KeyFileContent {

    /**
     * The keys of a file without a mistake.
     *
     * @param keys in the file's order; none means that nobody may change anything
     */
    record Keys(List<ApiKey> keys) implements KeyFileContent {
    }

    /**
     * Why the file can't be used.
     *
     * @param reason one sentence that names the line and does not quote it
     */
    record Mistake(String reason) implements KeyFileContent {
    }

}

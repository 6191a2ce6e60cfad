package io.modelserver.registry;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which folder names can be models and versions: nothing that a path could be built from
 * gets past here.
 */
final class Names {

    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private static final Set<String> RESERVED = Set.of("production", "staging", "latest");

    private Names() {
    }

    static boolean isModel(String name) {
        return ALLOWED.matcher(name).matches();
    }

    static boolean isVersion(String version) {
        return ALLOWED.matcher(version).matches() && !RESERVED.contains(version);
    }

}

package io.modelserver.security;

import java.util.HexFormat;
import java.util.List;

/** Keys for tests. */
public final class ApiKeys {

    private ApiKeys() {
    }

    /** The line of a key in a file. */
    public static String line(String name, String scopes, String key) {
        return "%s %s %s\n".formatted(name, scopes, hashOf(key));
    }

    static String hashOf(String key) {
        return HexFormat.of().formatHex(ApiKey.hash(key));
    }

    static KeyFileContent content(ApiKey... keys) {
        return new KeyFileContent.Keys(List.of(keys));
    }

}

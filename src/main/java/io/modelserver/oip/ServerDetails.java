package io.modelserver.oip;

import java.util.List;

/**
 * What the server says of itself.
 *
 * @param name what it is called
 * @param version its release
 * @param extensions of the protocol that it has
 */
public record ServerDetails(String name, String version, List<String> extensions) {

    /** Takes a copy of the list. */
    public ServerDetails {
        extensions = List.copyOf(extensions);
    }

}

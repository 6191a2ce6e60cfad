package io.modelserver.front.oip;

import java.util.List;

import io.modelserver.oip.ServerDetails;
import io.swagger.v3.oas.annotations.media.Schema;

/**
 * What the server says of itself.
 *
 * @param name what it is called
 * @param version its release
 * @param extensions of the protocol that it has
 */
@Schema(name = "InferenceServer")
record ServerJson(String name, String version, List<String> extensions) {

    static ServerJson of(ServerDetails server) {
        return new ServerJson(server.name(), server.version(), server.extensions());
    }

}

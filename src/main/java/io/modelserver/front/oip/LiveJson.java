package io.modelserver.front.oip;

import io.swagger.v3.oas.annotations.media.Schema;

/**
 * Whether the server works.
 *
 * @param live whether a restart would not help
 */
@Schema(name = "InferenceServerLive")
record LiveJson(boolean live) {
}

package io.modelserver.front.oip;

/**
 * What every call answers that fails.
 *
 * @param error what was expected and what came
 */
record ErrorJson(String error) {
}

package io.modelserver.window;

/**
 * A window as an operator sees it.
 *
 * @param symbol whose it is
 * @param have steps that are there
 * @param need steps that the model looks at
 * @param age seconds since the last step came
 * @param features how many numbers a step has
 */
public record WindowStatus(String symbol, int have, int need, double age, int features) {
}

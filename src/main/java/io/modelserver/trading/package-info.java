/**
 * What bots ask and are told: features become a model's input, single steps a window, and
 * outputs a signal.
 */
@NullMarked
package io.modelserver.trading;

import org.jspecify.annotations.NullMarked;

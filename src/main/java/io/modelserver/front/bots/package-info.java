/** The door of bots: predictions, windows, outcomes, health. */
@NullMarked
package io.modelserver.front.bots;

import org.jspecify.annotations.NullMarked;

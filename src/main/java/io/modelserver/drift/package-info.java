/** Whether the features that bots send still look as they did in training. */
@NullMarked
package io.modelserver.drift;

import org.jspecify.annotations.NullMarked;

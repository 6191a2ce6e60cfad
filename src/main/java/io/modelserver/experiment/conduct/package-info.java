/** How experiments begin, are looked at, and end. */
@NullMarked
package io.modelserver.experiment.conduct;

import org.jspecify.annotations.NullMarked;

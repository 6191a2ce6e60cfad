/** The port behind which the inference engines stand. */
@NullMarked
package io.modelserver.engine;

import org.jspecify.annotations.NullMarked;

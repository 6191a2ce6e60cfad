/** The values of a prediction and the port behind which an inference engine stands. */
@NullMarked
package io.modelserver.inference;

import org.jspecify.annotations.NullMarked;

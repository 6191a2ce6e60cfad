/** Tensors as the protocol has them, and what becomes of them here. */
@NullMarked
package io.modelserver.oip.tensor;

import org.jspecify.annotations.NullMarked;

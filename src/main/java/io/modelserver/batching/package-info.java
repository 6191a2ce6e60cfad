/** The dynamic batcher: a bounded queue before the instances of one model. */
@NullMarked
package io.modelserver.batching;

import org.jspecify.annotations.NullMarked;

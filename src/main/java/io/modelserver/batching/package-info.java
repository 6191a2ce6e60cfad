/** The dynamic batcher: a bounded queue in front of the instances of one model. */
@NullMarked
package io.modelserver.batching;

import org.jspecify.annotations.NullMarked;

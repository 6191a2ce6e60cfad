/**
 * What a prediction says: a direction, how sure the model is, what it expects to earn.
 */
@NullMarked
package io.modelserver.signal;

import org.jspecify.annotations.NullMarked;

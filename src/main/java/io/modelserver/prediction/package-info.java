/**
 * The use case: a request is routed, its features are decoded, the model is asked, the
 * answer is returned.
 */
@NullMarked
package io.modelserver.prediction;

import org.jspecify.annotations.NullMarked;

/** The values of models and predictions. */
@NullMarked
package io.modelserver.inference;

import org.jspecify.annotations.NullMarked;

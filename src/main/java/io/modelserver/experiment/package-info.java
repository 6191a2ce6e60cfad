/**
 * Experiments between model versions: who gets which variant, and what the outcomes say.
 */
@NullMarked
package io.modelserver.experiment;

import org.jspecify.annotations.NullMarked;

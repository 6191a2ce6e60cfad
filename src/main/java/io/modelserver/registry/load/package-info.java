/**
 * From files to a version that may serve: checks, trial, choice of the engine, warm-up.
 */
@NullMarked
package io.modelserver.registry.load;

import org.jspecify.annotations.NullMarked;

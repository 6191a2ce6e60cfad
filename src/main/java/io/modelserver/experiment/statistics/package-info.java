/** Estimates and tests for means whose observations depend on each other. */
@NullMarked
package io.modelserver.experiment.statistics;

import org.jspecify.annotations.NullMarked;

/**
 * What is known of the variants of an experiment: observations, tallied once, in one
 * pass.
 */
@NullMarked
package io.modelserver.experiment.evidence;

import org.jspecify.annotations.NullMarked;

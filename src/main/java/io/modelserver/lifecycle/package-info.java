/**
 * When the parts of the server start and stop: one list of phases, and what takes a place
 * in it.
 */
@NullMarked
package io.modelserver.lifecycle;

import org.jspecify.annotations.NullMarked;

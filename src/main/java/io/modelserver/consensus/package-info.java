/**
 * How the answers of an ensemble's members become one: pure functions of what they said.
 */
@NullMarked
package io.modelserver.consensus;

import org.jspecify.annotations.NullMarked;

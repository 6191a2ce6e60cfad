/**
 * Heads, which turn the output tensors of a model into a signal, as its metadata and its
 * file say.
 */
@NullMarked
package io.modelserver.head;

import org.jspecify.annotations.NullMarked;

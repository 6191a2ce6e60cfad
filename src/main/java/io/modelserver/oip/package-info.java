/**
 * The Open Inference Protocol, version 2, whatever carries it: tensors go in and come out
 * by their names.
 */
@NullMarked
package io.modelserver.oip;

import org.jspecify.annotations.NullMarked;

/** The door for clients of the Open Inference Protocol, version 2, over HTTP. */
@NullMarked
package io.modelserver.front.oip;

import org.jspecify.annotations.NullMarked;

/** The server's entry point. */
@NullMarked
package io.modelserver;

import org.jspecify.annotations.NullMarked;

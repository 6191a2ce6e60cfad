/** The doors through which callers come in. */
@NullMarked
package io.modelserver.front;

import org.jspecify.annotations.NullMarked;

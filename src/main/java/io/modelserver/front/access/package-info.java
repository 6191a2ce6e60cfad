/** Who may call what. */
@NullMarked
package io.modelserver.front.access;

import org.jspecify.annotations.NullMarked;

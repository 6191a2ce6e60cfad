/** The description of all doors. */
@NullMarked
package io.modelserver.front.openapi;

import org.jspecify.annotations.NullMarked;

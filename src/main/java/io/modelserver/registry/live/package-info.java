/** The versions that are live, and what is told about them. */
@NullMarked
package io.modelserver.registry.live;

import org.jspecify.annotations.NullMarked;

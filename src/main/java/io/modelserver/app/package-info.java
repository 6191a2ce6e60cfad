/** The only wiring: settings and beans. */
@NullMarked
package io.modelserver.app;

import org.jspecify.annotations.NullMarked;

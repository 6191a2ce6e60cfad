/** The only wiring: settings and beans. */
@NullMarked
package io.modelserver.config;

import org.jspecify.annotations.NullMarked;

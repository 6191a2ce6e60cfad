/** The wire: controllers, JSON and problem details; the only place that knows HTTP. */
@NullMarked
package io.modelserver.web;

import org.jspecify.annotations.NullMarked;

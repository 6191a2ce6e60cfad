/** What HTTP and its server need: limits, filters, valves. */
@NullMarked
package io.modelserver.front.http;

import org.jspecify.annotations.NullMarked;

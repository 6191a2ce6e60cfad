/**
 * Which model answers the requests that name none, by their symbol and timeframe.
 */
@NullMarked
package io.modelserver.route;

import org.jspecify.annotations.NullMarked;

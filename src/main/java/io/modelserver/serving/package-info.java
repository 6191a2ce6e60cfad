/**
 * The use case without the trade: a query is routed to a version, its input is made, the
 * version is asked, the answer is told.
 */
@NullMarked
package io.modelserver.serving;

import org.jspecify.annotations.NullMarked;

/**
 * Puts the rooms together: the server's settings, the list of the rooms that wire
 * themselves, and what happens before the port opens.
 */
@NullMarked
package io.modelserver.app;

import org.jspecify.annotations.NullMarked;

/** Files that survive a crash. */
@NullMarked
package io.modelserver.storage;

import org.jspecify.annotations.NullMarked;

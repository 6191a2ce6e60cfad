/** Promotions, rollbacks and reloads, and the changes that others make in the folder. */
@NullMarked
package io.modelserver.registry.stage;

import org.jspecify.annotations.NullMarked;

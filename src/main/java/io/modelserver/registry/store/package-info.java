/** The folder of models: versions, stage markers and their history. */
@NullMarked
package io.modelserver.registry.store;

import org.jspecify.annotations.NullMarked;

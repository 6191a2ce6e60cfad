/** What a model file must pass before it is served. */
@NullMarked
package io.modelserver.registry.check;

import org.jspecify.annotations.NullMarked;

/** The model registry: versions and stages on disk, and what of them is live. */
@NullMarked
package io.modelserver.registry;

import org.jspecify.annotations.NullMarked;

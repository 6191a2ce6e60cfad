/** What the folder of a version says of it: metadata, checksums, golden samples. */
@NullMarked
package io.modelserver.registry.metadata;

import org.jspecify.annotations.NullMarked;

package io.modelserver.front.operators;

import org.jspecify.annotations.Nullable;

/** The body of the reload calls: which version, where it is not the one in production. */
record ReloadJson(@Nullable String modelName, @Nullable String version) {
}

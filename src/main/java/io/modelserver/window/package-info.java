/**
 * Rolling windows that turn the single steps of a symbol into a model's sequence input.
 */
@NullMarked
package io.modelserver.window;

import org.jspecify.annotations.NullMarked;

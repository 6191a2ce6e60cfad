/** Everything that reads the JSON of a prediction request. */
@NullMarked
package io.modelserver.front.json;

import org.jspecify.annotations.NullMarked;

/** What callers are told when there is no answer, whatever they asked. */
@NullMarked
package io.modelserver.front.problem;

import org.jspecify.annotations.NullMarked;

/** Experiments as they are defined, and which variant a request is assigned to. */
@NullMarked
package io.modelserver.experiment.assign;

import org.jspecify.annotations.NullMarked;

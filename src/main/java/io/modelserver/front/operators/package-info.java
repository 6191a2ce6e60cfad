/** The door of operators: models and their stages, experiments, drift, the ledger. */
@NullMarked
package io.modelserver.front.operators;

import org.jspecify.annotations.NullMarked;

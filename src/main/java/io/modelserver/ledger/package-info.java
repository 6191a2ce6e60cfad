/**
 * What survives a crash: experiments, predictions, outcomes and changes of stages, in a
 * database.
 */
@NullMarked
package io.modelserver.ledger;

import org.jspecify.annotations.NullMarked;

/** What the evidence says: comparisons, guardrails, and whether to act on them. */
@NullMarked
package io.modelserver.experiment.verdict;

import org.jspecify.annotations.NullMarked;

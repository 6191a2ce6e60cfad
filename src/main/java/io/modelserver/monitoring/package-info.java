/**
 * Meters and readiness: listens to the core and reports to Prometheus and the process
 * manager.
 */
@NullMarked
package io.modelserver.monitoring;

import org.jspecify.annotations.NullMarked;

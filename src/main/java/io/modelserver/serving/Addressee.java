package io.modelserver.serving;

import org.jspecify.annotations.Nullable;

/**
 * Who shall answer a query, and what experiments assign it by.
 *
 * @param modelName the model, or null for the default model
 * @param modelVersion the version or stage, or null for the one in production
 * @param experimentId the experiment that shall route the query, or null
 * @param subject what the query is about, for experiments that assign by it; null if it
 * is about nothing in particular, then it is a unit of its own
 * @param routingKey the caller's unit, for experiments that assign by key; or null
 */
public record Addressee(@Nullable String modelName, @Nullable String modelVersion, @Nullable String experimentId,
        @Nullable String subject, @Nullable String routingKey) {
}

package io.modelserver.registry.metadata;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Optional;

import tools.jackson.databind.JsonNode;

/** Reads {@code created_at} as trainers write it. */
final class CreationTime {

    /** A number below is in seconds: as milliseconds it would be in March 1973. */
    private static final double SECONDS_END = 1e11;

    /** The year 5138. */
    private static final double MILLIS_END = 1e14;

    private static final DateTimeFormatter DATE_OR_TIME = new DateTimeFormatterBuilder()
        .append(DateTimeFormatter.ISO_LOCAL_DATE)
        .optionalStart()
        .appendLiteral('T')
        .append(DateTimeFormatter.ISO_LOCAL_TIME)
        .optionalStart()
        .appendOffset("+HH:mm", "Z")
        .toFormatter(Locale.ROOT);

    private CreationTime() {
    }

    /**
     * Reads a time.
     * @param field ISO-8601, in UTC unless it says otherwise, or seconds or milliseconds
     * since 1970
     * @return the time, empty if it is not one
     */
    static Optional<Instant> of(JsonNode field) {
        if (field.isNumber()) {
            double number = RegistryJson.number(field);
            double millis = (Math.abs(number) < SECONDS_END) ? number * 1000 : number;
            return (Math.abs(millis) < MILLIS_END) ? Optional.of(Instant.ofEpochMilli((long) millis))
                    : Optional.empty();
        }
        return field.isString() ? of(field.asString().strip()) : Optional.empty();
    }

    private static Optional<Instant> of(String text) {
        try {
            TemporalAccessor time = DATE_OR_TIME.parseBest(text.replaceFirst("^(\\d{4}-\\d\\d-\\d\\d) ", "$1T"),
                    OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
            return Optional.of(switch (time) {
                case OffsetDateTime dated -> dated.toInstant();
                case LocalDateTime local -> local.toInstant(ZoneOffset.UTC);
                default -> LocalDate.from(time).atStartOfDay().toInstant(ZoneOffset.UTC);
            });
        }
        catch (DateTimeException ex) {
            return Optional.empty();
        }
    }

}

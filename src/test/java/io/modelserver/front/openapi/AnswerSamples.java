package io.modelserver.front.openapi;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;

/** Makes answers from nothing but their types. */
enum AnswerSamples {

    /** With everything that there can be. */
    FULL,

    /** Null or left out wherever that may be. */
    SPARSE;

    /**
     * {@return an answer of a type that a controller's method returns}
     */
    Object answer(Type type) {
        return some(body(type), List.of()).getFirst();
    }

    /**
     * {@return the records that answers of a type consist of}
     */
    static Set<Class<?>> records(Type type) {
        Set<Class<?>> found = new LinkedHashSet<>();
        collect(body(type), found);
        return found;
    }

    private static void collect(Type type, Set<Class<?>> found) {
        if (type instanceof ParameterizedType generic) {
            Stream.of(generic.getActualTypeArguments()).forEach((argument) -> collect(argument, found));
        }
        else if (type instanceof Class<?> sealed && sealed.isSealed()) {
            Stream.of(sealed.getPermittedSubclasses()).forEach((permitted) -> collect(permitted, found));
        }
        else if (type instanceof Class<?> record && record.isRecord() && found.add(record)) {
            collectParts(record, found);
        }
    }

    /** What is unwrapped has its properties among those of the record around it. */
    private static void collectParts(Class<?> record, Set<Class<?>> found) {
        for (RecordComponent part : record.getRecordComponents()) {
            if (part.getAccessor().isAnnotationPresent(JsonUnwrapped.class)) {
                collectParts(part.getType(), found);
            }
            else {
                collect(part.getGenericType(), found);
            }
        }
    }

    private static Type body(Type type) {
        return (type instanceof ParameterizedType generic && generic.getRawType().equals(ResponseEntity.class))
                ? generic.getActualTypeArguments()[0] : type;
    }

    /** One value, or one of each kind where there are several. */
    private List<Object> some(Type type, List<String> texts) {
        if (type instanceof ParameterizedType generic) {
            Type last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            return List.of(generic.getRawType().equals(Map.class) ? Map.of("some", some(last, texts).getFirst())
                    : some(last, texts));
        }
        Class<?> known = (Class<?>) type;
        if (known.isSealed()) {
            List<Object> each = new ArrayList<>();
            Stream.of(known.getPermittedSubclasses()).forEach((permitted) -> each.addAll(some(permitted, texts)));
            return each;
        }
        return List.of(known.isRecord() ? record(known) : known.isEnum() ? known.getEnumConstants()[0]
                : scalar(known, texts.isEmpty() ? "text" : texts.getFirst()));
    }

    private Object record(Class<?> type) {
        try {
            RecordComponent[] parts = type.getRecordComponents();
            Constructor<?> constructor = type
                .getDeclaredConstructor(Stream.of(parts).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor.newInstance(Stream.of(parts).map(this::part).toArray());
        }
        catch (ReflectiveOperationException ex) {
            throw new IllegalStateException(ex);
        }
    }

    private @Nullable Object part(RecordComponent part) {
        boolean unwrapped = part.getAccessor().isAnnotationPresent(JsonUnwrapped.class);
        if (this == SPARSE && part.getAnnotatedType().isAnnotationPresent(Nullable.class) && !unwrapped) {
            return null;
        }
        if (this == SPARSE && (part.getType().equals(Map.class) || part.getType().equals(List.class))) {
            return part.getType().equals(Map.class) ? Map.of() : List.of();
        }
        if (part.getAccessor().isAnnotationPresent(JsonAnyGetter.class)) {
            // Their names are those of each model.
            return Map.of();
        }
        Schema described = part.getAccessor().getAnnotation(Schema.class);
        return some(part.getGenericType(), (described != null) ? List.of(described.allowableValues()) : List.of())
            .getFirst();
    }

    private static Object scalar(Class<?> type, String text) {
        return switch (type.getSimpleName()) {
            case "String" -> text;
            case "int", "Integer" -> 1;
            case "long", "Long" -> 1L;
            case "float", "Float" -> 0.5f;
            case "double", "Double", "Object" -> 0.5;
            case "boolean", "Boolean" -> true;
            case "UUID" -> UUID.randomUUID();
            default -> throw new IllegalArgumentException("no sample of " + type);
        };
    }

}

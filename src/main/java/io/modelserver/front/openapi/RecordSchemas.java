package io.modelserver.front.openapi;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Derives the schemas of records from their components. One that Jackson may leave out,
 * by {@link JsonInclude}, is optional and never null; one that is {@link Nullable} is
 * optional and may be null, unless it is declared to be required; all others are
 * required.
 */
final class RecordSchemas extends ModelResolver {

    private static final String NULL = "null";

    /**
     * Creates a resolver of schemas.
     * @param mapper names and leaves out properties as the mapper of the answers does
     */
    RecordSchemas(ObjectMapper mapper) {
        super(mapper);
        openapi31(true);
    }

    @Override
    public @Nullable Schema<?> resolve(AnnotatedType type, ModelConverterContext context,
            Iterator<ModelConverter> next) {
        Schema<?> schema = super.resolve(type, context, next);
        JavaType resolved = _mapper.constructType(type.getType());
        if (schema != null && resolved != null && resolved.getRawClass().isRecord()) {
            Schema<?> model = defined(schema, context);
            if (model != null && model.getProperties() != null) {
                describe(resolved, model);
            }
        }
        return schema;
    }

    private static @Nullable Schema<?> defined(Schema<?> schema, ModelConverterContext context) {
        String reference = schema.get$ref();
        return (reference == null) ? schema
                : context.getDefinedModels().get(reference.substring(Components.COMPONENTS_SCHEMAS_REF.length()));
    }

    private void describe(JavaType type, Schema<?> model) {
        Map<String, RecordComponent> components = Stream.of(type.getRawClass().getRecordComponents())
            .collect(Collectors.toMap(RecordComponent::getName, Function.identity()));
        for (BeanPropertyDefinition property : _mapper.getSerializationConfig().introspect(type).findProperties()) {
            Schema<?> schema = model.getProperties().get(property.getName());
            RecordComponent component = components.get(property.getInternalName());
            if (component != null && component.getAccessor().isAnnotationPresent(JsonAnyGetter.class)) {
                model.getProperties().remove(property.getName());
                model.setAdditionalProperties(true);
                continue;
            }
            if (schema != null && component != null && !isRequired(model, property) && !isLeftOut(property)) {
                if (component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                    model.getProperties().put(property.getName(), nullable(schema));
                }
                else {
                    model.addRequiredItem(property.getName());
                }
            }
        }
    }

    private static boolean isRequired(Schema<?> model, BeanPropertyDefinition property) {
        return model.getRequired() != null && model.getRequired().contains(property.getName());
    }

    private static boolean isLeftOut(BeanPropertyDefinition property) {
        JsonInclude.Include inclusion = property.findInclusion().getValueInclusion();
        return inclusion != JsonInclude.Include.USE_DEFAULTS && inclusion != JsonInclude.Include.ALWAYS;
    }

    private static Schema<?> nullable(Schema<?> schema) {
        if (schema.get$ref() != null) {
            JsonSchema either = new JsonSchema();
            either.setName(schema.getName());
            either.setOneOf(List.of(schema, new JsonSchema().typesItem(NULL)));
            return either;
        }
        if (schema.getTypes() != null) {
            schema.addType(NULL);
        }
        if (schema.getEnum() != null && schema.getEnum().stream().noneMatch(Objects::isNull)) {
            allowNull(schema);
        }
        return schema;
    }

    private static <T extends @Nullable Object> void allowNull(Schema<T> schema) {
        List<@Nullable T> values = new ArrayList<>(schema.getEnum());
        values.add(null);
        schema.setEnum(values);
    }

}

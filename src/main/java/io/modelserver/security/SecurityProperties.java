package io.modelserver.security;

import java.util.List;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who is let in.
 *
 * @param apiKeysFile the file of API keys; empty for where systemd and Docker put it, and
 * where there is none, changes are taken from this host only
 * @param requireKeyForPredict whether predictions and windows need a key too
 * @param corsAllowedOrigins the origins whose pages may call
 */
public record SecurityProperties(@DefaultValue("") String apiKeysFile,
        @DefaultValue("false") boolean requireKeyForPredict, @DefaultValue List<String> corsAllowedOrigins) {
}

package io.modelserver.front.http;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ForwardedHeadersValveTest {

    @ParameterizedTest
    @CsvSource({ "X-Forwarded-Prefix, /ml", "X-Forwarded-Prefix, /a/b-c_d/", "X-Forwarded-Prefix, /",
            "X-Forwarded-Prefix, '/a, /b'", "X-Forwarded-Port, 443", "X-Forwarded-Host, bots.example:8443",
            "X-Forwarded-Host, '[::1]:80'", "X-Forwarded-Proto, https", "X-Forwarded-For, anything" })
    void whatAProxyWritesIsLeftAlone(String header, String value) {
        assertThat(ForwardedHeadersValve.isUsable(header, value)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({ "X-Forwarded-Prefix, a", "X-Forwarded-Prefix, http://evil", "X-Forwarded-Prefix, /%zz",
            "X-Forwarded-Prefix, //evil", "X-Forwarded-Prefix, /a?b", "X-Forwarded-Prefix, '/a, b'",
            "X-Forwarded-Port, abc", "X-Forwarded-Port, -1", "X-Forwarded-Host, 'a b'", "X-Forwarded-Proto, file" })
    void whatNoProxyWritesIsTakenAway(String header, String value) {
        assertThat(ForwardedHeadersValve.isUsable(header, value)).isFalse();
    }

}

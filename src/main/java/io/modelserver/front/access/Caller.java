package io.modelserver.front.access;

import java.util.Arrays;

import io.modelserver.security.ApiKey;
import io.modelserver.security.KeyFile;
import io.modelserver.security.Scope;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;

/**
 * Who makes a call: its name is what {@code request.getRemoteUser()} gives, its
 * authorities are scopes. It holds no key.
 */
final class Caller extends AbstractAuthenticationToken {

    private static final long serialVersionUID = 1L;

    private final String name;

    private Caller(String name, String... scopes) {
        super(AuthorityUtils.createAuthorityList(scopes));
        this.name = name;
        setAuthenticated(true);
    }

    static Caller with(ApiKey key) {
        return new Caller(key.name(),
                Arrays.stream(Scope.values()).filter(key::allows).map(Scope::label).toArray(String[]::new));
    }

    /** Somebody on this host, where that is enough. */
    static Caller local() {
        return new Caller(KeyFile.LOCAL, Arrays.stream(Scope.values()).map(Scope::label).toArray(String[]::new));
    }

    boolean may(Scope scope) {
        return getAuthorities().stream().anyMatch((authority) -> scope.label().equals(authority.getAuthority()));
    }

    @Override
    public String getPrincipal() {
        return name;
    }

    @Override
    public String getCredentials() {
        return "";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

}

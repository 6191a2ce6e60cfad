package io.modelserver.security;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Set;

import org.apache.commons.codec.digest.DigestUtils;

/**
 * What the server knows of a key, which is not the key. Its hash is a plain SHA-256: a
 * key is 256 bits of randomness, so that it can't be guessed, and a slow or salted hash,
 * which protects passwords that people choose, would only cost time on every call.
 *
 * @param name whose key it is, for the history of changes
 * @param scopes what it was given
 * @param sha256 the hash of the key, 64 lower-case hexadecimal digits
 */
public record ApiKey(String name, Set<Scope> scopes, String sha256) {

    /**
     * {@return whether the key is good for something that needs a scope}
     * @param scope the scope
     */
    public boolean allows(Scope scope) {
        return scopes.contains(scope) || scopes.contains(Scope.ADMIN);
    }

    /** Takes the same time for every hash. */
    boolean hasHash(byte[] hash) {
        return MessageDigest.isEqual(hash, HexFormat.of().parseHex(sha256));
    }

    static byte[] hash(String key) {
        return DigestUtils.sha256(key);
    }

}

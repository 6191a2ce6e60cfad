package io.modelserver.front.grpc;

import io.grpc.InsecureServerCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.TlsServerCredentials.ClientAuth;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerProperties;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerSslBundle;

/**
 * With what the port proves who it is: the certificate of HTTP, unless the settings of
 * gRPC name another bundle or turn TLS off. So keys never travel in the clear because
 * somebody forgot a second setting.
 */
final class PortCredentials {

    private final SslBundles bundles;

    PortCredentials(SslBundles bundles) {
        this.bundles = bundles;
    }

    ServerCredentials of(GrpcServerProperties.Ssl own, @Nullable Ssl http) {
        if (Boolean.FALSE.equals(own.getEnabled())) {
            return InsecureServerCredentials.create();
        }
        if (own.getBundle() != null) {
            return tls(bundles.getBundle(own.getBundle()), own.getBundle(), own.getClientAuth());
        }
        if (Ssl.isEnabled(http)) {
            return tls(WebServerSslBundle.get(http, bundles), http.getBundle(), clientAuth(http));
        }
        if (Boolean.TRUE.equals(own.getEnabled())) {
            throw new IllegalStateException(
                    "spring.grpc.server.ssl.enabled needs a certificate: name a bundle in spring.grpc.server.ssl.bundle or server.ssl.bundle");
        }
        return InsecureServerCredentials.create();
    }

    private ServerCredentials tls(SslBundle bundle, @Nullable String name, ClientAuth clientAuth) {
        ReloadedKeys keys = new ReloadedKeys(bundle);
        if (name != null) {
            bundles.addBundleUpdateHandler(name, keys::replace);
        }
        TlsServerCredentials.Builder credentials = TlsServerCredentials.newBuilder().keyManager(keys);
        if (clientAuth != ClientAuth.NONE) {
            credentials.trustManager(bundle.getManagers().getTrustManagers()).clientAuth(clientAuth);
        }
        return credentials.build();
    }

    private static ClientAuth clientAuth(Ssl http) {
        Ssl.ClientAuth clientAuth = http.getClientAuth();
        if (clientAuth == null) {
            return ClientAuth.NONE;
        }
        return switch (clientAuth) {
            case NONE -> ClientAuth.NONE;
            case WANT -> ClientAuth.OPTIONAL;
            case NEED -> ClientAuth.REQUIRE;
        };
    }

}

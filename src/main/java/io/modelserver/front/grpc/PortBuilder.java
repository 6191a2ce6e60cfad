package io.modelserver.front.grpc;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.grpc.ServerCredentials;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerProperties;
import org.springframework.grpc.server.DefaultGrpcServerFactory;

/**
 * Builds the server that listens on the port. Each call has a virtual thread, as each
 * request of HTTP has, so that it may wait for its answer.
 */
final class PortBuilder extends DefaultGrpcServerFactory<NettyServerBuilder> {

    /**
     * Of one connection; more wait at their client. Gateways put all that they have to
     * ask on one.
     */
    private static final int MOST_CALLS = 4096;

    private final Port port;

    PortBuilder(Port port) {
        super(port.address().getHostString() + ":" + port.address().getPort(), List.of());
        this.port = port;
    }

    @Override
    protected NettyServerBuilder newServerBuilder() {
        return NettyServerBuilder.forAddress(port.address(), port.credentials());
    }

    @Override
    protected void configure(NettyServerBuilder builder, List<ServerServiceDefinition> services) {
        super.configure(builder, services);
        GrpcServerProperties.Inbound inbound = port.settings().getInbound();
        builder.maxInboundMessageSize(Math.toIntExact(inbound.getMessage().getMaxSize().toBytes()))
            .maxInboundMetadataSize(Math.toIntExact(inbound.getMetadata().getMaxSize().toBytes()))
            .maxConcurrentCallsPerConnection(MOST_CALLS)
            .addStreamTracerFactory(port.messages())
            .executor(Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("grpc").factory()));
        keepAlive(builder, port.settings().getKeepalive());
    }

    private static void keepAlive(NettyServerBuilder builder, GrpcServerProperties.Keepalive keepAlive) {
        set(keepAlive.getTime(), builder::keepAliveTime);
        set(keepAlive.getTimeout(), builder::keepAliveTimeout);
        set(keepAlive.getPermit().getTime(), builder::permitKeepAliveTime);
        set(keepAlive.getConnection().getMaxIdleTime(), builder::maxConnectionIdle);
        set(keepAlive.getConnection().getMaxAge(), builder::maxConnectionAge);
        set(keepAlive.getConnection().getGracePeriod(), builder::maxConnectionAgeGrace);
        builder.permitKeepAliveWithoutCalls(keepAlive.getPermit().isWithoutCalls());
    }

    private static void set(@Nullable Duration duration, Setter setter) {
        if (duration != null) {
            setter.set(duration.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /**
     * The port.
     *
     * @param address on which to listen
     * @param credentials with what to prove who this is
     * @param settings of messages and connections
     * @param messages bounds how many bytes of them there are
     */
    record Port(InetSocketAddress address, ServerCredentials credentials, GrpcServerProperties settings,
            InboundBytes messages) {
    }

    @FunctionalInterface
    private interface Setter {

        NettyServerBuilder set(long time, TimeUnit unit);

    }

}

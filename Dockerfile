# syntax=docker/dockerfile:1
FROM eclipse-temurin:25-jdk AS build
# Maven's wrapper needs unzip: without it, it downloads a different archive from the one whose checksum it knows.
RUN apt-get update \
    && apt-get install -y --no-install-recommends unzip \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY .mvn .mvn
COPY mvnw pom.xml .springjavaformatconfig ./
COPY src src
COPY config config
RUN ./mvnw -B -q -DskipTests package

# What a first start would write, created by the same JRE that will use it: the unpacked jar, the native libraries, the class cache.
FROM eclipse-temurin:25-jre AS prepared
WORKDIR /app
COPY start_ml_server.sh ./
COPY tools/find_jdk.sh tools/
COPY config config
COPY models models
COPY --from=build /build/target/ml-model-server.jar ./
ENV MODELSERVER_APP_DIR=/app/app \
    ENGINE_CACHE_DIR=/app/engine-libraries
RUN ./start_ml_server.sh --prepare \
    && chmod -R a+rX engine-libraries app \
    && mv app/lib libraries \
    && rm -r app/ledger* app/windows* app/preparation.log data ml-model-server.jar

FROM eclipse-temurin:25-jre
LABEL org.opencontainers.image.title="ML Model Server" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
# Numeric, so that Kubernetes can see that it is not root. The code belongs to root; the server writes only to data, and
# to models if they are mounted writable. With a read-only root, Tomcat wants a /tmp: docker run --read-only --tmpfs /tmp
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /app/data modelserver \
    && mkdir data && chown 10001:10001 data
# Files that change seldom come first, so that a new version of the server is a small layer.
COPY --from=prepared /app/engine-libraries engine-libraries
COPY --from=prepared /app/libraries app/lib
COPY --from=prepared /app/app app
COPY start_ml_server.sh ./
COPY tools/find_jdk.sh tools/
COPY config config
COPY models models
ENV MODELSERVER_APP_DIR=/app/app \
    ENGINE_CACHE_DIR=/app/engine-libraries
USER 10001:10001
# 8002 is that of gRPC, which is off unless SPRING_GRPC_SERVER_ENABLED=true.
EXPOSE 8001 8002
VOLUME ["/app/data"]
# The image has no curl; bash can speak enough HTTP.
HEALTHCHECK --interval=30s --timeout=3s --start-period=60s \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${SERVER_PORT:-8001} && \
    printf 'GET %s/health HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' \"${SERVER_SERVLET_CONTEXT_PATH:-}\" >&3 && \
    head -n 1 <&3 | grep -q ' 200'"]
ENTRYPOINT ["/app/start_ml_server.sh"]

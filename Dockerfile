FROM eclipse-temurin:25-jdk AS build
# Maven's wrapper needs unzip: without it, it fetches another archive than the one whose checksum it knows.
RUN apt-get update \
    && apt-get install -y --no-install-recommends unzip \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY .mvn .mvn
COPY mvnw pom.xml .springjavaformatconfig ./
COPY src src
COPY config config
RUN ./mvnw -B -q -DskipTests package \
    && java -Djarmode=tools -jar target/ml-model-server.jar extract --layers --destination extracted

FROM eclipse-temurin:25-jre
WORKDIR /app
# Numeric, so that Kubernetes can see that it is not root. The home takes the unpacked native libraries.
RUN useradd --uid 10001 --user-group --create-home --home-dir /home/modelserver modelserver \
    && mkdir -p data models && chown 10001:10001 data models
# What changes seldom comes first, so that a new version of the server is a small layer. The code belongs to root.
COPY --from=build /build/extracted/dependencies/ ./
COPY --from=build /build/extracted/snapshot-dependencies/ ./
COPY --from=build /build/extracted/application/ ./
COPY config config
COPY --chown=10001:10001 models models
USER 10001
ENV MALLOC_ARENA_MAX=2 \
    JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=50 -XX:+ExitOnOutOfMemoryError -XX:ErrorFile=/app/data/hs_err_pid%p.log --enable-native-access=ALL-UNNAMED"
EXPOSE 8001
VOLUME ["/app/models", "/app/data"]
# The image has no curl; bash can speak enough HTTP.
HEALTHCHECK --interval=30s --timeout=3s --start-period=60s \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8001 && printf 'GET /health HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200'"]
ENTRYPOINT ["java", "-jar", "ml-model-server.jar"]

# The gateway's image. Build the jar first: mvn -q verify
# An image without Docker: infra/pulumi-java/image

FROM eclipse-temurin:25-jdk AS runtime
RUN jlink --output /opt/java --strip-debug --no-header-files --no-man-pages --compress zip-6 \
    --include-locales=en,en-GB --add-modules \
    java.base,java.desktop,java.instrument,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.security.sasl,java.sql,java.xml,jdk.jfr,jdk.localedata,jdk.management,jdk.naming.dns,jdk.net,jdk.unsupported,jdk.zipfs
COPY infra/pulumi-java/image/src/main/java /src
RUN javac -d /probe $(find /src -name '*.java')

FROM debian:12-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin deloton
# The certificates that Amazon RDS signs with, for database.ssl-mode verify-full.
ADD --chmod=0444 https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem /etc/deloton/rds-ca.pem
# The client by which the command topics authenticates at Amazon MSK; the gateway does not use it.
ADD --chmod=0444 --checksum=sha256:bcd6020ce1ca2c3f1a65e087057dc8c0757185ba1f169b38e0eda54b617e4225 \
    https://repo1.maven.org/maven2/software/amazon/msk/aws-msk-iam-auth/2.3.5/aws-msk-iam-auth-2.3.5-all.jar /app/msk/aws-msk-iam-auth.jar
COPY --from=runtime /opt/java /opt/java
COPY --from=runtime /probe /app/probe
COPY target/deloton-gateway.jar /app/deloton-gateway.jar
WORKDIR /app
# A start without servers fails, after it has loaded the classes; the cache that it leaves makes later starts shorter.
RUN DELOTON_GATEWAY_ROLES=ingest,live,api DELOTON_DATABASE_HOST=127.0.0.1 DELOTON_DATABASE_PORT=1 \
    DELOTON_DATABASE_USER=none DELOTON_DATABASE_PASSWORD=none DELOTON_KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:1 \
    DELOTON_API_JWT_ISSUER=https://issuer.invalid DELOTON_API_JWT_JWKS_URL=http://127.0.0.1:1/jwks \
    /opt/java/bin/java --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -XX:MaxRAMPercentage=60 \
    -XX:+ExitOnOutOfMemoryError -Djava.io.tmpdir=/tmp -XX:AOTCacheOutput=/app/gateway.aot -jar /app/deloton-gateway.jar serve --aot-training; \
    test -s /app/gateway.aot
USER 10001:10001
# An orchestrator that mounts an empty volume here gives it the mode that the folder has in the image (1777).
VOLUME ["/tmp"]
EXPOSE 8080 8081
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=120s --retries=3 \
    CMD ["/opt/java/bin/java", "-XX:TieredStopAtLevel=1", "-Xmx16m", "-cp", "/app/probe", "com.deloton.image.HealthProbe"]
ENTRYPOINT ["/opt/java/bin/java", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError", "-Djava.io.tmpdir=/tmp", "-XX:AOTCache=/app/gateway.aot", "-jar", "/app/deloton-gateway.jar"]
CMD ["serve"]

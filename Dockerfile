# One image for all services; the first argument says which: processor, gateway, projection-redis, projection-postgres ...
#
# It is made of jars that are built first, on the machine that builds the image:
#
#   ./ledger --version && docker build -t pacioli/ledger .
#
# The base must be a Java 25 runtime on glibc with libstdc++ and bash: RocksDB's and zstd's native libraries are linked against them.
ARG BASE=eclipse-temurin:25-jre-noble
FROM ${BASE}

RUN groupadd --gid 10001 ledger \
    && useradd --uid 10001 --gid ledger --home-dir /var/lib/ledger --no-create-home --shell /usr/sbin/nologin ledger \
    && install -d -o ledger -g ledger -m 0750 /var/lib/ledger /var/lib/ledger/state \
    && ln -s /opt/ledger/ledger /usr/local/bin/ledger

WORKDIR /opt/ledger

USER ledger

# The licence is always there and the jars may not be: so their absence is told by the next step, in words.
COPY LICENSE ledger-app/target/lib/*.jar ledger-app/target/ledger-app-*.jar lib/
COPY ledger ./
RUN set -- lib/ledger-app-*.jar lib/ledger-processor-*.jar; \
    for jar; do \
      if [ ! -f "$jar" ]; then \
        echo "The jars are not built, there is no $jar: run './ledger --version', then build the image again." >&2; \
        exit 1; \
      fi; \
    done; \
    if [ "$#" -ne 2 ]; then \
      echo "More than one version in ledger-app/target: run './ledger --version' after removing that directory." >&2; \
      exit 1; \
    fi; \
    ./ledger --version

# All interfaces of the container; who may reach them is said where its ports are published.
ENV LEDGER_HTTP_HOST=0.0.0.0 \
    LEDGER_STATE_DIR=/var/lib/ledger/state

WORKDIR /var/lib/ledger
EXPOSE 8080

# What `ledger health --ready` asks, without a JVM to ask it: on a busy machine its start would take the time that is missing.
HEALTHCHECK --interval=10s --timeout=10s --start-period=90s --retries=3 CMD [ "bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/${LEDGER_HTTP_PORT:-8080} \
    && printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' >&3 && read -r protocol status reason <&3 && cat <&3 && [ $status = 200 ]" ]

ENTRYPOINT ["/opt/ledger/ledger"]
CMD ["--help"]

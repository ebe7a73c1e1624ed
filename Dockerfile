# syntax=docker/dockerfile:1
#
# docker build --target migrate -t migrate .     also: user-service, gateway, artisan
#
# One build stage makes the static programs, for the platform that is asked for on the platform that
# builds: zig brings the C compiler and libc for either, so nothing is emulated. The runner is built by
# itself: together with the services it would get what they ask of the crates that they share.

ARG RUST_VERSION=1.95.0

FROM --platform=$BUILDPLATFORM rust:${RUST_VERSION}-slim-bookworm AS build
SHELL ["/bin/bash", "-o", "errexit", "-o", "nounset", "-o", "pipefail", "-c"]
ARG ZIGBUILD_VERSION=0.24.0
ARG ZIG_VERSION=0.17.1
ARG AUDITABLE_VERSION=0.7.7
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates python3-venv \
 && rm -rf /var/lib/apt/lists/* \
 && python3 -m venv /opt/zig \
 && /opt/zig/bin/pip install --no-cache-dir "cargo-zigbuild==${ZIGBUILD_VERSION}" "ziglang==${ZIG_VERSION}" \
 && cargo install --locked --version "${AUDITABLE_VERSION}" cargo-auditable
ENV PATH=/opt/zig/bin:$PATH
WORKDIR /src
ARG TARGETARCH
RUN case "${TARGETARCH}" in \
      amd64) echo x86_64-unknown-linux-musl ;; \
      arm64) echo aarch64-unknown-linux-musl ;; \
      *) echo "no build for ${TARGETARCH}" >&2; exit 1 ;; \
    esac > /triple
# The toolchain before the sources: it changes rarely.
COPY rust-toolchain.toml ./
RUN rustup show active-toolchain && rustup target add "$(cat /triple)"
COPY . .
ARG REVISION=
RUN --mount=type=cache,id=cargo-registry,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,id=target-${TARGETARCH},target=/src/target,sharing=locked \
    if [ -n "${REVISION}" ]; then export GIT_REVISION="${REVISION}"; fi \
 && triple="$(cat /triple)" \
 && cargo auditable zigbuild --locked --release --target "${triple}" \
      --package artisan-migration-runner \
 && cargo auditable zigbuild --locked --release --target "${triple}" \
      --package artisan-user-service --package artisan-gateway --package artisan \
 && install -D --target-directory=/out --mode=0555 \
      "target/${triple}/release/user-service" \
      "target/${triple}/release/gateway" \
      "target/${triple}/release/migrate" \
      "target/${triple}/release/artisan" \
 && cat /usr/share/ca-certificates/mozilla/*.crt > /out/ca-certificates.crt

# The programs need no file of a system, but for the authorities that the client of NATS looks up; the user is a
# number, so that Kubernetes can see that it is not root. `cargo xtask image` reads what follows.

FROM scratch AS user-service
ARG VERSION=0.1.0
ARG REVISION=
ARG CREATED=
LABEL org.opencontainers.image.title="user-service" \
      org.opencontainers.image.description="gRPC service that owns users, credentials and sessions" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
COPY --from=build /out/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/user-service /user-service
USER 65532:65532
EXPOSE 50051 9090
STOPSIGNAL SIGTERM
ENTRYPOINT ["/user-service"]

FROM scratch AS gateway
ARG VERSION=0.1.0
ARG REVISION=
ARG CREATED=
LABEL org.opencontainers.image.title="gateway" \
      org.opencontainers.image.description="HTTP and JSON face of the user service" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
COPY --from=build /out/gateway /gateway
USER 65532:65532
EXPOSE 8080 9091
STOPSIGNAL SIGTERM
ENTRYPOINT ["/gateway"]

FROM scratch AS migrate
ARG VERSION=0.1.0
ARG REVISION=
ARG CREATED=
LABEL org.opencontainers.image.title="migrate" \
      org.opencontainers.image.description="Migration runner with the migrations of the accounts schema" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
COPY --from=build /out/migrate /migrate
USER 65532:65532
STOPSIGNAL SIGTERM
ENTRYPOINT ["/migrate"]
CMD ["upgrade", "head"]

FROM scratch AS artisan
ARG VERSION=0.1.0
ARG REVISION=
ARG CREATED=
LABEL org.opencontainers.image.title="artisan" \
      org.opencontainers.image.description="The whole platform in one process on SQLite" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
COPY --from=build /out/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/artisan /artisan
USER 65532:65532
EXPOSE 8080 50051 9090
STOPSIGNAL SIGTERM
ENTRYPOINT ["/artisan"]

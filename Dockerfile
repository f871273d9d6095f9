# The first stage builds the executables, with the Swift runtime linked statically. The second stage is a slim Debian with
# lighttpd: it serves the API on port 8080, starts an iteration every minute, and does not run as root.
FROM swift:6.3-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends libcurl4-openssl-dev libssl-dev libsqlite3-dev libxml2-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY Package.swift ./
COPY Sources Sources
COPY Tests Tests
COPY cron/build cron/build
RUN cron/build /out

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        ca-certificates libcurl4 libssl3 libxml2 lighttpd snooze tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --home-dir /var/lib/aws-provisioner --create-home aws-provisioner \
    && mkdir -p /usr/share/aws-provisioner
COPY --from=build /out/ /usr/bin/
COPY cron/container /usr/bin/aws-provisioner-container
COPY cron/lighttpd.conf /etc/aws-provisioner/lighttpd.conf
USER aws-provisioner
VOLUME /var/lib/aws-provisioner
EXPOSE 8080
HEALTHCHECK --start-period=5m CMD ["aws-provisioner", "doctor", "--max-age", "10m"]
ENTRYPOINT ["aws-provisioner-container"]
CMD ["serve"]

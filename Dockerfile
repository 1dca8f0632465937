# syntax=docker/dockerfile:1
# Citewell as an image: nothing in it but Python, the packages that requirements/run.txt names by their hashes, and our
# own files, all owned by root. It runs as a numeric user, writes into /data alone, and needs no shell.
# compose.yaml shows how it is meant to run; docs/running.md says more.

FROM python:3.13-slim AS build

WORKDIR /build
COPY requirements/run.txt run.txt
RUN python -m venv /opt/venv
RUN /opt/venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes --requirement run.txt
RUN mkdir -m 0700 /empty

FROM python:3.13-slim

LABEL org.opencontainers.image.title="Citewell" \
      org.opencontainers.image.description="Answers questions about a clinic's own content by quoting it." \
      org.opencontainers.image.licenses="MIT"

COPY --from=build /opt/venv /opt/venv
COPY --from=build --chown=10001:10001 /empty /data
COPY LICENSE server.py /opt/citewell/
COPY bot /opt/citewell/bot
COPY web /opt/citewell/web
COPY corpus /opt/citewell/corpus

WORKDIR /opt/citewell
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    CITEWELL_HOST=0.0.0.0 \
    CITEWELL_PORT=8000 \
    CITEWELL_DATA=/data
RUN ["/opt/venv/bin/python", "-m", "compileall", "-q", "/opt/citewell"]

USER 10001:10001
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM

# By http.client, which no proxy of the environment leads astray.
HEALTHCHECK --interval=30s --timeout=6s --start-period=60s --retries=3 \
    CMD ["/opt/venv/bin/python", "-c", "import http.client, os, sys; c = http.client.HTTPConnection('127.0.0.1', int(os.environ['CITEWELL_PORT']), timeout=5); c.request('GET', '/readyz'); sys.exit(c.getresponse().status != 200)"]

ENTRYPOINT ["/opt/venv/bin/python", "server.py"]
CMD ["serve"]

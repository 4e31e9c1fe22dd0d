# Two stages: the packages are installed where pip and its cache are, the bot runs where they are not.
FROM python:3.11-slim-bookworm AS packages
COPY requirements/run.txt /requirements.txt
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r /requirements.txt \
    && /venv/bin/pip uninstall --yes setuptools pip

FROM python:3.11-slim-bookworm
# TMPDIR: SQLite sorts what is large in a file, and /app/data is the one place that can be written.
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HTTP_HOST=0.0.0.0 TMPDIR=/app/data
RUN useradd --uid 10001 --no-create-home --home-dir /app bot && mkdir -p /app/data && chown bot:bot /app/data
COPY --from=packages /venv /venv
WORKDIR /app
COPY pyproject.toml LICENSE README.md ./
COPY bot ./bot
COPY db ./db
COPY districts ./districts
COPY domain ./domain
COPY handlers ./handlers
COPY messages ./messages
COPY panel ./panel
COPY simulator ./simulator
# Here once, since the running process may not write beside its sources and would compile at every start.
RUN python -m compileall -q -j 0 /app
USER 10001:10001
VOLUME /app/data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", "import http.client, os, sys; to = http.client.HTTPConnection('127.0.0.1', int(os.environ.get('HTTP_PORT') or 8080), timeout=4); to.request('GET', '/healthz'); sys.exit(to.getresponse().status != 200)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]

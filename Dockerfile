# Two stages: the packages are installed where pip and uv are, the bot runs where they are not.
FROM python:3.11-slim-bookworm AS packages
COPY requirements/run.txt /requirements.txt
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r /requirements.txt

FROM python:3.11-slim-bookworm
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HTTP_HOST=0.0.0.0
RUN useradd --uid 10001 --create-home bot && mkdir /app /app/data && chown bot /app/data
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
USER 10001
VOLUME /app/data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]

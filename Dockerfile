# Siar in one image: web, workers, scheduler and migrate are the same program with another command.
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/siar
COPY requirements/run.txt /src/requirements/run.txt
RUN /opt/siar/bin/pip install --require-hashes -r /src/requirements/run.txt
COPY pyproject.toml README.md LICENSE /src/
COPY marketing /src/marketing
COPY catalog_sync /src/catalog_sync
COPY workers /src/workers
RUN /opt/siar/bin/pip install --no-deps --no-build-isolation /src

FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin siar \
 && install --directory --owner siar --group siar --mode 0750 /data
COPY --from=build /opt/siar /opt/siar
ENV PATH=/opt/siar/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    SIAR_DATA_DIR=/data SIAR_HOST=0.0.0.0 SIAR_PORT=8000
USER siar
WORKDIR /data
VOLUME /data
EXPOSE 8000
# What does not serve pages says in docker-compose.yml how its health is seen.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=4 \
  CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f\"http://127.0.0.1:{os.environ['SIAR_PORT']}/sehat\", timeout=4)"]
ENTRYPOINT ["siar"]
CMD ["web"]

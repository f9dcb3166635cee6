# DriftGuard as a non-root program on a read-only root. Everything installed comes from the hashed lock.
FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /opt/driftguard
COPY requirements/runtime.txt requirements/
RUN /opt/driftguard/bin/pip install --no-cache-dir --require-hashes -r requirements/runtime.txt
COPY pyproject.toml README.md LICENSE ./
COPY driftguard driftguard
COPY policies policies
RUN /opt/driftguard/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin driftguard
COPY --from=build /opt/driftguard /opt/driftguard
ENV PATH=/opt/driftguard/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /work
ENTRYPOINT ["driftguard"]
CMD ["scan"]

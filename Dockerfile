# The mock server in a small image: docker build -t chaobiao-mock . && docker run --rm -p 127.0.0.1:8765:8765 chaobiao-mock
FROM python:3.13-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY src ./src
COPY mockserver ./mockserver
# Its own environment, which the second stage takes as a whole: pip and the build tools stay behind.
RUN python -m venv --without-pip /opt/chaobiao \
    && python -m pip wheel --no-cache-dir --no-deps --wheel-dir /wheels . \
    && python -m pip --python /opt/chaobiao/bin/python install --no-cache-dir "$(echo /wheels/*.whl)[mock]"

FROM python:3.13-slim
LABEL org.opencontainers.image.title="chaobiao-mock" \
    org.opencontainers.image.description="Stateful mock server of Chinese metering platforms (抄表平台模拟服务)" \
    org.opencontainers.image.licenses="MIT"
COPY --from=build /opt/chaobiao /opt/chaobiao
ENV PATH="/opt/chaobiao/bin:$PATH" PYTHONUNBUFFERED="1"
USER 65532:65532
EXPOSE 8765
# With a token, the mock's own endpoints need it; http.client takes no proxy from the environment.
HEALTHCHECK --interval=5s --timeout=5s --start-period=10s --retries=3 \
    CMD ["python", "-c", "import http.client, os; c = http.client.HTTPConnection('127.0.0.1', 8765, timeout=4); c.request('GET', '/__mock__/health', headers={'Authorization': 'Bearer ' + os.environ.get('CHAOBIAO_MOCK_TOKEN', '')}); raise SystemExit(c.getresponse().status != 200)"]
ENTRYPOINT ["chaobiao-mock"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8765"]

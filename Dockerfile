# One image for all four processes; docker-compose.yml says which entry each service runs.
# `--target gpu` gives the same with CUDA for the models process, see docker-compose.gpu.yml.

FROM node:24-bookworm-slim AS packages
WORKDIR /attest
COPY package.json package-lock.json .npmrc ./
RUN npm ci && rm -rf node_modules/node-linux-* node_modules/.bin/node

FROM packages AS built
COPY . .
RUN node scripts/build.ts && npm prune --omit=dev && rm -rf node_modules/node-linux-* node_modules/.bin/node .next/cache

FROM node:24-bookworm-slim AS product
ENV NODE_ENV=production DATA_DIR=/data MODELS_DIR=/models WEB_HOST=0.0.0.0 MODELS_HOST=0.0.0.0 INGEST_HOST=0.0.0.0
WORKDIR /attest
COPY --from=built --chown=root:root /attest /attest
RUN mkdir /data /models /audit && chown node:node /data /models /audit && chmod 700 /audit
USER node
EXPOSE 3000 3801 3802
VOLUME ["/data", "/models"]
# A service that runs another entry says so in its own health check.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 CMD ["node", "scripts/health.ts", "web"]
CMD ["node", "scripts/web.ts"]

# The CUDA 13 build of llama.cpp comes from npm as well (540 MB); package.json leaves it out of every other installation.
FROM packages AS cuda
RUN version=$(node -p "require('node-llama-cpp/package.json').version") \
  && mkdir /cuda && cd /cuda && npm init -y >/dev/null \
  && npm install --no-audit --no-fund "@node-llama-cpp/linux-x64-cuda@$version" "@node-llama-cpp/linux-x64-cuda-ext@$version"

FROM nvidia/cuda:13.0.1-runtime-ubuntu24.04 AS gpu
ENV NODE_ENV=production DATA_DIR=/data MODELS_DIR=/models WEB_HOST=0.0.0.0 MODELS_HOST=0.0.0.0 INGEST_HOST=0.0.0.0
WORKDIR /attest
COPY --from=product /usr/local/bin/node /usr/local/bin/node
COPY --from=built --chown=root:root /attest /attest
RUN rm -rf node_modules/@node-llama-cpp/linux-x64-cuda* node_modules/node-llama-cpp/node_modules/@node-llama-cpp/linux-x64-cuda*
COPY --from=cuda /cuda/node_modules/@node-llama-cpp/ node_modules/@node-llama-cpp/
RUN mkdir /data /models /audit && chown 1000:1000 /data /models /audit && chmod 700 /audit
USER 1000:1000
EXPOSE 3801
VOLUME ["/data", "/models"]
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 CMD ["node", "scripts/health.ts", "models"]
CMD ["node", "lib/models/server/main.ts"]

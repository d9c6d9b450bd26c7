# syntax=docker/dockerfile:1
# The gateway with its workers and the example. Node comes with the image, and with it the libraries that Node needs:
# the npm package `node` is for development.
ARG NODE=node:26.10.0-bookworm-slim

FROM ${NODE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No package needs a script to be run: that of ONNX Runtime would fetch libraries for graphics cards.
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --ignore-scripts
# ONNX Runtime comes with its libraries for every system.
RUN find node_modules/onnxruntime-node/bin -mindepth 3 -maxdepth 3 \
      ! -path "*/linux/$(node --print process.arch)" -exec rm -r {} +

FROM ${NODE}
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY package.json LICENSE ./
COPY bandit bandit
COPY model-workers model-workers
COPY gateway gateway
COPY cli cli
COPY examples examples
# For the store of the example, where no other is named.
RUN install --directory --owner=node --group=node var
USER 1000:1000
EXPOSE 8080
# Alive, not ready: a gateway whose models are away is not mended by a restart.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "--eval", "fetch('http://127.0.0.1:8080/livez').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "cli/main.ts"]
# The example, for everybody who can reach the container: publish its port on 127.0.0.1 only. A configuration with
# auth.keys needs no --auth.
CMD ["serve", "--config=examples/digits/bandit.yaml", "--listen=0.0.0.0:8080", "--auth=off"]

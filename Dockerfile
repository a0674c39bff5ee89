# The service in one image: the server, the built page, the migrations. Without DATABASE_URL it keeps an embedded
# database under /data; docker-compose.yml has the production shape, with PostgreSQL beside it.
# test/image makes it without Docker: it knows the instructions that are used here, and refuses others.

FROM node:24.21.0-bookworm-slim AS base
WORKDIR /slipstream
COPY package.json package-lock.json ./

FROM base AS page
RUN --mount=type=cache,target=/root/.npm npm ci --include=dev --loglevel=error --no-audit --no-fund
COPY schema.graphql ./
COPY web web
RUN npm run build -- --logLevel=warn

# The optional dependencies are a Node for machines without this one.
FROM base AS dependencies
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --omit=optional --loglevel=error --no-audit --no-fund

FROM base
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 DATA_DIR=/data
RUN install --directory --owner=node --group=node --mode=0700 /data
COPY --from=dependencies /slipstream/node_modules node_modules
COPY --from=page /slipstream/web/dist web/dist
# The reference at /docs has the colours of the pages, and the guides beside it.
COPY web/styles/tokens.css web/styles/
COPY docs/integrators.md docs/limits.md docs/
COPY schema.graphql ./
COPY db db
COPY src src
USER node
VOLUME /data
EXPOSE 4000
# Alive is what is asked here, not ready: to restart a process because its database is away would not bring it back.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --start-interval=1s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Directly, without npm or a shell between: signals reach the server, and its exit code is the container's.
# How V8 collects garbage. The young: it would take up to 128 MB for them and keep these; with 32 it is as fast. None is born old:
# after a burst of requests V8 takes the objects that requests are made of for long-lived ones, for good, and a tenth of all garbage
# is then collected as slowly as the old (a page of history: a fifth less of the processor without). The old: later, in each
# thread, so half as often under a load of single positions.
CMD ["node", "--max-semi-space-size=16", "--no-allocation-site-pretenuring", "--initial-old-space-size=128", "src/main.ts"]

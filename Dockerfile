FROM node:24-bookworm-slim AS build
WORKDIR /src
RUN npm install --global pnpm@12.21.0
# the manifests first: dependencies are installed anew only when one of these changes
COPY package.json pnpm-workspace.yaml pnpm-lock.yaml tsconfig.base.json ./
COPY packages/cli/package.json packages/cli/
COPY packages/sdk/package.json packages/sdk/
COPY packages/server/package.json packages/server/
COPY packages/upstream-sim/package.json packages/upstream-sim/
RUN pnpm install --frozen-lockfile
COPY packages/server packages/server
COPY packages/upstream-sim packages/upstream-sim
RUN pnpm exec tsc -b packages/server packages/upstream-sim \
 && pnpm --filter @lunch-relay/server deploy --prod --legacy /app/server \
 && pnpm --filter @lunch-relay/upstream-sim deploy --prod --legacy /app/upstream-sim \
 && rm -r /app/*/src /app/*/test \
 && find /app -type f -regex '.*\.\(map\|d\.[cm]?ts\)' -delete

# Node.js alone: no npm, no package manager of its own, nobody but an ordinary user
FROM debian:bookworm-slim AS runtime
COPY --from=build /usr/local/bin/node /usr/local/bin/node
# where compose keeps the secrets that it makes: a volume takes over whose the directory is
RUN install --directory --owner=1000 --group=1000 /run/lunch-relay
WORKDIR /app
USER 1000:1000

# the simulated lunch-menu API, for `docker compose --profile demo`
FROM runtime AS upstream-sim
COPY --from=build /app/upstream-sim .
EXPOSE 9090
ENTRYPOINT ["node", "dist/main.js", "--host", "0.0.0.0", "--port", "9090"]

FROM runtime AS relay
# memory for all threads out of one place: each of several keeps what it once had; and from 16 KiB on each piece from the
# system, to which it goes back: what V8's compilers take (up to 32 KiB) and reads of large bodies (64) leave holes among the
# rest (docs/capacity.md)
ENV NODE_ENV=production MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=16384
COPY --from=build /app/server .
EXPOSE 8080
# on the admin listener, which is not reachable from outside the container
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --start-interval=1s \
  CMD ["node", "-e", "const host = process.env.ADMIN_HOST || '127.0.0.1'; fetch('http://' + (host.includes(':') ? '[' + host + ']' : host) + ':' + (process.env.ADMIN_PORT || 8081) + '/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# a young generation of the usual size (16 MB) takes 40 MB and saves no time; one of 4 MB costs misses a tenth of it, since what
# is under way does not fit (docs/capacity.md). V8 lets the old one grow to several times what is in use before it looks at it.
# What its middle compiler, Maglev, takes while it works stays with the process (10 to 25 MB); without it the first seconds are
# slower, and what comes after is not. What V8 by a sample takes for long-lived it makes in the old generation at once: in some
# processes a part of what a miss needs, which then keeps the rest of it there (decision 0043)
ENTRYPOINT ["node", "--max-semi-space-size=8", "--heap-growing-percent=15", "--no-maglev", "--no-allocation-site-pretenuring", "dist/main.js"]

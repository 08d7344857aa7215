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
 && pnpm --filter @lunch-relay/upstream-sim deploy --prod --legacy /app/upstream-sim

# the simulated lunch-menu API, for `docker compose --profile demo`
FROM node:24-bookworm-slim AS upstream-sim
WORKDIR /app
COPY --from=build /app/upstream-sim .
USER node
EXPOSE 9090
ENTRYPOINT ["node", "dist/main.js", "--host", "0.0.0.0", "--port", "9090"]

FROM node:24-bookworm-slim AS relay
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/server .
USER node
EXPOSE 8080
# on the admin listener, which is not reachable from outside the container
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --start-interval=1s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.ADMIN_PORT || 8081) + '/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/main.js"]

FROM node:24-slim AS build
WORKDIR /app
# What `npm ci` needs for its own `prepare`, which generates the Prisma client: this layer lives until one of them changes.
COPY package.json package-lock.json prisma.config.ts ./
COPY prisma prisma
COPY scripts scripts
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 EXITGATE_DATA=/data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/bin bin
# Only without DATABASE_URL: the embedded database and the keys made for it.
RUN mkdir /data && chown node:node /data
USER node
EXPOSE 4000 4100-4104
ENTRYPOINT ["node", "bin/exitgate.js"]
CMD ["--help"]

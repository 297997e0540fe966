# xaxbot beside a queue of this host; docs/docker.md says how it is run, and what it can do in a container.
FROM node:24-slim AS build
WORKDIR /source
COPY . .
RUN npm ci && npm run pack && mv xaxbot-*.tgz /xaxbot.tgz

FROM node:24-slim
COPY --from=build /xaxbot.tgz /tmp/
RUN npm install --global --ignore-scripts /tmp/xaxbot.tgz \
  && npm cache clean --force \
  && rm /tmp/xaxbot.tgz \
  && install -d -o node -g node /data /xax
# The queue's folder, and the bot's own with xaxbot.yaml and .env in it.
ENV XAX_HOME=/xax XAXBOT_DATA_DIR=/data HOME=/data
VOLUME /data
WORKDIR /data
USER node
ENTRYPOINT ["xaxbot"]
CMD ["start"]

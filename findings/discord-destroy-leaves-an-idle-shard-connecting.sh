#!/bin/sh
# discord.js 14.28.1 (with @discordjs/ws 1.2.3) while the gateway answers the WebSocket upgrade with 503.
#
# `login()` rejects at the first refusal, so that a program destroys that client and makes a new one after a pause. The
# destroyed client goes on: after each refusal its shard waits half a second and opens a socket again, without an end, and
# `destroy()` does nothing to a shard that is idle, as it is in that half second. Each client made so adds a loop of its own,
# and nothing public ends one.
#
# Seen, 2026-11-30, Node 20 and 24:
#   login rejected: Unexpected server response: 503
#   goes on after destroy(): true
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
cd "$folder"
echo '{"private": true}' > package.json
timeout 300 npm install --silent --no-audit --no-fund 'discord.js@14.28.1' '@discordjs/ws@1.2.3'

cat > try.js <<'JS'
const { createServer } = require('node:http');
const { setTimeout: pause } = require('node:timers/promises');
const { Client, GatewayIntentBits } = require('discord.js');

let attempts = 0;
const server = createServer((_request, response) => {
  const session_start_limit = { total: 1000, remaining: 1000, reset_after: 86_400_000, max_concurrency: 1 };
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ url: `ws://127.0.0.1:${server.address().port}`, shards: 1, session_start_limit }));
});
server.on('upgrade', (_request, socket) => {
  attempts += 1;
  socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
});
server.listen(0, '127.0.0.1', async () => {
  const api = `http://127.0.0.1:${server.address().port}/api`;
  const client = new Client({ intents: [GatewayIntentBits.Guilds], rest: { api } });
  client.on('shardError', () => {});
  await client.login('token').catch((error) => console.log(`login rejected: ${error.message}`));
  await client.destroy();
  await pause(1_000); // What was under way may come to its end.
  const before = attempts;
  await pause(5_000);
  console.log(`goes on after destroy(): ${attempts > before}`);
  console.error(`attempts in 5 s: ${attempts - before}`);
  process.exit();
});
JS
seen=$(timeout 60 node try.js)
echo "$seen"
[ "$seen" = "login rejected: Unexpected server response: 503
goes on after destroy(): true" ]

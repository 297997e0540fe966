#!/bin/sh
# discord.js 14.28.1 (which brings undici 6) in a process whose global dispatcher is undici 7.30.2's.
#
# A program that sets a proxy or an agent for all its requests calls setGlobalDispatcher of the newest undici, as that one's
# README says. undici keeps the dispatcher in one place of the process, whatever the version, so that discord.js's own
# undici 6 sends through it too. Messages without a file go on working; the first one with a file (an image, a log) fails with
# a TypeError that names neither, and is no HTTP error that anything would try again. `makeRequest: fetch` in the REST options
# sends files through Node's own fetch.
#
# Seen, 2026-11-30, Node 20 and 24:
#   text: 200
#   file: TypeError: action is not a function
#   file, makeRequest fetch: 200
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
cd "$folder"
echo '{"private": true}' > package.json
npm install --silent --no-audit --no-fund 'discord.js@14.28.1' 'undici@7.30.2'

cat > try.js <<'JS'
const { createServer } = require('node:http');
const { Agent, setGlobalDispatcher } = require('undici');
setGlobalDispatcher(new Agent());
const { REST } = require('discord.js');

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    response.setHeader('content-type', 'application/json');
    response.end('{"id": "1"}');
  });
});
server.listen(0, '127.0.0.1', async () => {
  const api = `http://127.0.0.1:${server.address().port}`;
  const files = [{ name: 'chart.txt', data: Buffer.from('a chart') }];
  const post = async (options, extra) => {
    const rest = new REST({ api, retries: 0, ...options }).setToken('token');
    try {
      await rest.post('/channels/1/messages', { body: { content: 'a message' }, ...extra });
      return 200;
    } catch (error) {
      return `${error.name}: ${error.message}`;
    }
  };
  console.log(`text: ${await post({}, {})}`);
  console.log(`file: ${await post({}, { files })}`);
  console.log(`file, makeRequest fetch: ${await post({ makeRequest: fetch }, { files })}`);
  server.close();
  process.exit();
});
JS
seen=$(node try.js)
echo "$seen"
[ "$seen" = "text: 200
file: TypeError: action is not a function
file, makeRequest fetch: 200" ]

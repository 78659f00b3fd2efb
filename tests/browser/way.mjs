// A way to the site that can be cut, and that tells what passed over it.

import { createServer, request as ask } from "node:http";

/** A way to an address. Its `answers` are what passed: path, status, and the bytes of the head and of the content as sent. */
export async function wayTo(to) {
  const way = { to, mode: "open", answers: [] };
  const server = createServer((request, reply) => pass(way, request, reply));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  way.address = `http://127.0.0.1:${server.address().port}`;
  way.become = (mode) => {
    way.mode = mode;
    // A telephone whose connection changes begins anew.
    server.closeAllConnections();
  };
  way.close = () => {
    server.closeAllConnections();
    server.close();
  };
  return way;
}

/** Hands a request on, or does what a broken way does. */
function pass({ to, mode, answers }, { method, url, headers, socket }, reply) {
  if (mode === "down") return socket.destroy();
  if (mode === "silent") return undefined;
  if (mode === "failing") return reply.writeHead(502, { "content-type": "text/html" }).end("<p>bad gateway");
  const onward = ask(to + url, { method, headers: { ...headers, host: new URL(to).host } }, (answer) => {
    const noted = { path: url, status: answer.statusCode, head: headOf(answer), content: 0 };
    answers.push(noted);
    reply.writeHead(answer.statusCode, answer.headers);
    answer.on("data", (bytes) => (noted.content += bytes.length)).pipe(reply);
  });
  return onward.on("error", () => socket.destroy()).end();
}

/** How many bytes an answer's head has: its first line, its fields and the empty line. */
function headOf({ httpVersion, statusCode, statusMessage, rawHeaders }) {
  const fields = rawHeaders.map((text) => text.length + 2).reduce((sum, length) => sum + length, 0);
  return `HTTP/${httpVersion} ${statusCode} ${statusMessage}`.length + fields + 4;
}

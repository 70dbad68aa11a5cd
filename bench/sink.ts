/** A webhook endpoint in a process of its own: takes everything, counts finished exits. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

let completed = 0;
const server = createServer(async (request, response) => {
  if (request.method === 'GET') return void response.end(String(completed));
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (Buffer.concat(chunks).includes('"exit.completed"')) completed++;
  response.writeHead(204).end();
});
server.listen(0, '127.0.0.1', () =>
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
);
process.on('SIGTERM', () => process.exit(0));

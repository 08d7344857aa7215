/**
 * The floor of an answer out of Redis: a plain `node:http` server that reads one entry of the right size for each
 * request, with a client that knows this one command, and sends the relay's own answer.
 */
import http from 'node:http';
import net from 'node:net';
import type { Answer } from '../replay.ts';
import { serve, taskOf } from './listening.ts';

const KEY = 'bench:floor';
/** What Redis sends around a value: `$1234\r\n` before and `\r\n` behind it. */
const END_BYTES = 2;

const { answer, redisPort, entryBytes } = taskOf<{ answer: Answer; redisPort: number; entryBytes: number }>();
const { status, reason, fields } = answer;
const body = Buffer.from(answer.body, 'base64');
const head = [...fields];
const socket = net.connect(redisPort, '127.0.0.1').setNoDelay(true);
const waiting: Array<() => void> = [];
const replyBytes = `$${entryBytes}\r\n`.length + entryBytes + END_BYTES;
let received = 0;

socket.once('data', () => {
  // the reply to SET; from now on all replies are as long as the entry
  socket.on('data', (chunk) => {
    received += chunk.length;
    for (; received >= replyBytes; received -= replyBytes) waiting.shift()?.();
  });
  serve(
    http.createServer((_request, response) => {
      waiting.push(() => response.writeHead(status, reason, head).end(body));
      socket.write(`*2\r\n$3\r\nGET\r\n$${KEY.length}\r\n${KEY}\r\n`);
    }),
  );
});
socket.write(`*3\r\n$3\r\nSET\r\n$${KEY.length}\r\n${KEY}\r\n$${entryBytes}\r\n${'x'.repeat(entryBytes)}\r\n`);

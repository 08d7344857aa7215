/**
 * The floor: a plain `node:http` server that sends the relay's own answer, head and body, and does nothing else. No
 * JavaScript that looks at a request can be quicker by much; what the relay is slower is what it does for its users.
 */
import http from 'node:http';
import type { Answer } from '../replay.ts';
import { serve, taskOf } from './listening.ts';

const { answer, notModified } = taskOf<{ answer: Answer; notModified?: Answer }>();
const whole = ready(answer);
const short = notModified === undefined ? whole : ready(notModified);

function ready({ status, reason, fields, body }: Answer) {
  return { status, reason, head: [...fields], body: Buffer.from(body, 'base64') };
}

serve(
  http.createServer(({ headers }, response) => {
    const { status, reason, head, body } = headers['if-none-match'] === undefined ? whole : short;
    response.writeHead(status, reason, head).end(body);
  }),
);

/**
 * The area below `/api/_sim`, which the real service does not have: answers made to test a relay, in every wire version.
 * It does not go through the queue; the rate limit and faults do apply.
 *
 *   echo               what was received, as JSON, with the body in base64; any method
 *   bytes?size=N       N seeded bytes, made as the client takes them; N up to 10⁹
 *   headers            repeated and oddly spelt header lines, a reason phrase of its own, no date
 *   status/CODE        200 to 599
 *   redirect?to=URL    `to` as it is in `location`; `&status=3xx`, default 302
 *   gzip               JSON, always compressed
 *   chunked            three pieces without a length
 */
import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { type Answer, emptyAnswer, jsonAnswer, signed } from './answer.ts';
import { seededRandom } from './random.ts';

const SANDBOX_PATH = '/_sim';

export function isSandboxPath(path: string): boolean {
  return path === SANDBOX_PATH || path.startsWith(`${SANDBOX_PATH}/`);
}

/** `path` is below the base and in the sandbox, `query` has its question mark, `at` is the moment for `date`. */
export async function sandboxAnswer(
  request: IncomingMessage,
  { path, query, at, seed }: { path: string; query: string; at: number; seed: number },
): Promise<Answer> {
  const [, , name = '', argument = ''] = path.split('/');
  const parameters = new URLSearchParams(query);
  if (name === 'headers') return oddHeaders();
  return signed(await answerOf(request, name, argument, parameters, seed), 'simulator', at);
}

async function answerOf(
  request: IncomingMessage,
  name: string,
  argument: string,
  parameters: URLSearchParams,
  seed: number,
): Promise<Answer> {
  if (name === 'echo') return echo(request);
  if (name === 'bytes') return bytes(Number(parameters.get('size') ?? 'NaN'), seed);
  if (name === 'status') return status(Number(argument));
  if (name === 'redirect') return redirect(parameters.get('to'), Number(parameters.get('status') ?? 302));
  if (name === 'gzip') return gzip();
  if (name === 'chunked') return chunked();
  return jsonAnswer(404, { detail: 'Not Found' });
}

function refusal(detail: string): Answer {
  return jsonAnswer(400, { detail });
}

async function echo(request: IncomingMessage): Promise<Answer> {
  const { method, url, rawHeaders } = request;
  const body = await buffer(request);
  return jsonAnswer(200, { method, url, rawHeaders, body: body.toString('base64'), bodyBytes: body.length });
}

const MAX_SIZE_BYTES = 1e9;
const PIECE_BYTES = 64 * 1024;

function bytes(sizeBytes: number, seed: number): Answer {
  const isSize = Number.isInteger(sizeBytes) && sizeBytes >= 0 && sizeBytes <= MAX_SIZE_BYTES;
  if (!isSize) return refusal(`size must be a whole number from 0 to ${MAX_SIZE_BYTES}`);
  return {
    status: 200,
    headers: [
      ['content-length', String(sizeBytes)],
      ['content-type', 'application/octet-stream'],
    ],
    body: seededPieces(sizeBytes, seed),
  };
}

/** The piece of one seed is repeated: what makes the bytes costs less than what sends them. */
function* seededPieces(sizeBytes: number, seed: number): Generator<Buffer> {
  const random = seededRandom(seed, 'bytes');
  const piece = Buffer.from(Array.from({ length: Math.min(sizeBytes, PIECE_BYTES) }, () => random() * 256));
  for (let left = sizeBytes; left > 0; left -= piece.length) yield piece.subarray(0, left);
}

function oddHeaders(): Answer {
  const body = Buffer.from('odd headers\n');
  return {
    status: 200,
    reason: 'Quite Fine',
    headers: [
      ['Content-Type', 'text/plain'],
      ['Content-Length', String(body.length)],
      ['Set-Cookie', 'first=1; Path=/'],
      ['set-cookie', 'second=2; Path=/api'],
      ['Link', '</first.css>; rel=preload'],
      ['Link', '</second.css>; rel=preload'],
      ['Vary', 'Accept-Language'],
      ['vary', 'X-Mixed-Case'],
      ['X-MiXeD-cAsE', 'Kept As It Is'],
      ['X-Empty', ''],
    ],
    body,
  };
}

function status(code: number): Answer {
  if (!Number.isInteger(code) || code < 200 || code > 599) return refusal('the status must be from 200 to 599');
  return code === 204 || code === 304 ? emptyAnswer(code) : jsonAnswer(code, { status: code });
}

function redirect(to: string | null, code: number): Answer {
  // anything else could not stand in a header line
  if (to === null || !/^[\x21-\x7e]+$/.test(to)) return refusal('to must be a URL in visible ASCII characters');
  if (!Number.isInteger(code) || code < 300 || code > 399) return refusal('status must be from 300 to 399');
  return emptyAnswer(code, [['location', to]]);
}

function gzip(): Answer {
  const body = gzipSync(JSON.stringify({ compressed: true }));
  return {
    status: 200,
    headers: [
      ['content-type', 'application/json'],
      ['content-encoding', 'gzip'],
      ['content-length', String(body.length)],
      ['vary', 'Accept-Encoding'],
    ],
    body,
  };
}

function chunked(): Answer {
  const pieces = ['first\n', 'second\n', 'third\n'].map((text) => Buffer.from(text));
  return { status: 200, headers: [['content-type', 'text/plain']], body: pieces };
}

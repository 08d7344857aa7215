/** Bodies of several gigabytes pass through the relay, both ways, at flat memory. */
import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from '@jest/globals';
import { useHandledRelays } from '../../packages/server/test/support/scriptedRelay.ts';

const start = useHandledRelays();

const GIBIBYTE = 1024 ** 3;
const PIECE = Buffer.alloc(256 * 1024, 'lunch');

function* pieces(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= PIECE.length) yield PIECE.subarray(0, left);
}

async function countBytes(body: AsyncIterable<unknown>, onPiece: () => void = () => {}): Promise<number> {
  let bytes = 0;
  for await (const piece of body) {
    bytes += (piece as Buffer).length;
    onPiece();
  }
  return bytes;
}

/** The most memory that was held while something ran, above what was held before, in bytes. */
async function watchMemory(run: (look: () => void) => Promise<void>): Promise<number> {
  const before = process.memoryUsage.rss();
  let most = before;
  let looks = 0;
  await run(() => {
    if (looks++ % 256 === 0) most = Math.max(most, process.memoryUsage.rss());
  });
  return most - before;
}

describe('several gigabytes', () => {
  const BYTES = 3 * GIBIBYTE;
  /** A minute and less where nothing else runs. */
  const PATIENCE_MS = 240_000;
  /** Client, relay and upstream are one process here; a body that was kept would take ten times as much. */
  const FLAT_BYTES = 0.3 * GIBIBYTE;

  it(
    'come down at flat memory',
    async () => {
      const url = await start((_request, response) => {
        response.setHeader('Content-Length', BYTES);
        void pipeline(pieces(BYTES), response).catch(() => {});
      });
      const held = await watchMemory(async (look) => {
        const [answer] = (await once(http.get(`${url}/x`, { agent: false }), 'response')) as [IncomingMessage];
        expect(await countBytes(answer, look)).toBe(BYTES);
      });
      expect(held).toBeLessThan(FLAT_BYTES);
    },
    PATIENCE_MS,
  );

  it(
    'go up at flat memory',
    async () => {
      const url = await start(
        // longer than the upstream may take for its head: the client is still sending
        (request, response) => void countBytes(request).then((bytes) => response.end(String(bytes))),
        { UPSTREAM_TIMEOUT_MS: '500' },
      );
      const held = await watchMemory(async (look) => {
        const sent = http.request(`${url}/x`, { method: 'PUT', agent: false });
        const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
        const watched = function* () {
          for (const piece of pieces(BYTES)) {
            look();
            yield piece;
          }
        };
        await pipeline(watched(), sent);
        const [answer] = await answered;
        expect(Buffer.concat(await answer.toArray()).toString()).toBe(String(BYTES));
      });
      expect(held).toBeLessThan(FLAT_BYTES);
    },
    PATIENCE_MS,
  );
});

/**
 * W3C Trace Context: the trace that a request belongs to, taken over from the client or begun here. It is passed on as it
 * came, with a span of the relay's own as the parent of what follows; nothing is sent to a collector from here.
 */
import { randomBytes } from 'node:crypto';

export interface Trace {
  /** 32 hexadecimal digits, the same on every hop. */
  readonly traceId: string;
  /** The field for the upstream. */
  readonly traceparent: string;
  /** Whether the client has begun it; then its `tracestate` counts too. */
  readonly isContinued: boolean;
}

/** Version 00; what a later version adds behind a dash is not read (Trace Context, section 4.3). */
const TRACEPARENT = /^(?!ff)([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:$|-)/;
const NOTHING = /^0+$/;
/** Not sampled: whoever wants the spans of a trace begins it. */
const UNSAMPLED = '00';

/**
 * `given` is the client's `traceparent`; what is none counts as absent. `random` gives so many hexadecimal digits by
 * chance.
 */
export function beginTrace(given: string | undefined, random: (count: number) => string = randomDigits): Trace {
  const continued = given === undefined ? undefined : readTrace(given);
  const traceId = continued?.traceId ?? random(32);
  const traceparent = `00-${traceId}-${random(16)}-${continued?.flags ?? UNSAMPLED}`;
  return { traceId, traceparent, isContinued: continued !== undefined };
}

function readTrace(given: string): { traceId: string; flags: string } | undefined {
  const [, version = '', traceId = '', parentId = '', flags = ''] = TRACEPARENT.exec(given) ?? [];
  const isLonger = version === '00' && given.length !== 55;
  const isTrace = version !== '' && !isLonger && !NOTHING.test(traceId) && !NOTHING.test(parentId);
  return isTrace ? { traceId, flags } : undefined;
}

/** A kilobyte of chance at a time: asked for one by one the digits of a trace cost more than the rest of it. */
const STOCK_BYTES = 1_024;
let stock = '';
let used = 0;

function randomDigits(count: number): string {
  if (used + count > stock.length) {
    stock = randomBytes(STOCK_BYTES).toString('hex');
    used = 0;
  }
  used += count;
  return stock.slice(used - count, used);
}

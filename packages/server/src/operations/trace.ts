/**
 * W3C Trace Context: the trace that a request belongs to, taken over from the client or begun here. It is passed on as it
 * came, with a span of the relay's own as the parent of what follows; nothing is sent to a collector from here.
 */
import { randomUUID } from 'node:crypto';

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

/** `given` is the client's `traceparent`; what is none counts as absent. `random` gives a UUID. */
export function beginTrace(given: string | undefined, random: () => string = randomUUID): Trace {
  const [, version = '', traceId = '', parentId = '', flags = ''] = TRACEPARENT.exec(given ?? '') ?? [];
  const isLonger = version === '00' && given?.length !== 55;
  const isTrace = version !== '' && !isLonger && !NOTHING.test(traceId) && !NOTHING.test(parentId);
  const id = isTrace ? traceId : random().replaceAll('-', '');
  // the last digits of a UUID are random, those in its middle are not
  const spanId = random().slice(-12) + random().slice(-4);
  return { traceId: id, isContinued: isTrace, traceparent: `00-${id}-${spanId}-${isTrace ? flags : UNSAMPLED}` };
}

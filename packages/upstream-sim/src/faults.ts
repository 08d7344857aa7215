/**
 * Faults on demand: which path fails how, and for how many requests. This file decides; `delivery.ts` breaks the answer.
 * A fault for an exact path wins over one for all paths (`*`); setting a path again replaces its fault.
 */
import { type Answer, textAnswer } from './answer.ts';

/**
 * What can go wrong with an answer:
 * - `delay`: comes `delayMs` later. Occupies the one worker, as a slow restaurant site does: all others wait too;
 * - `status`: another status; `body` defaults to a small HTML page, `contentType` to HTML;
 * - `reset-before-headers`: the connection is reset instead of an answer;
 * - `reset-after-headers`: the head and half of the body (of its first piece, where it comes in pieces), then a reset;
 * - `truncate`: the same half, then an orderly end, although the head promised more;
 * - `hang`: never answers. Does not occupy the worker, so one path can hang while the others work; ends when the client
 *   leaves or the simulator closes;
 * - `html-200`: a page of HTML with status 200, as a maintenance page or a login portal would be;
 * - `drip`: the head at once, then the body byte by byte, `intervalMs` apart. Does not occupy the worker.
 */
export type Fault =
  | { readonly kind: 'delay'; readonly delayMs: number }
  | { readonly kind: 'status'; readonly status: number; readonly body?: string; readonly contentType?: string }
  | { readonly kind: 'reset-before-headers' }
  | { readonly kind: 'reset-after-headers' }
  | { readonly kind: 'truncate' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'html-200' }
  | { readonly kind: 'drip'; readonly intervalMs: number };

export interface FaultOptions {
  /** How many requests it hits before it is gone, from 1. Default: all. */
  readonly times?: number;
}

export interface FaultTable {
  /** Throws a RangeError when `times` is not a whole number from 1. */
  readonly set: (path: string, fault: Fault, options?: FaultOptions) => void;
  /** The fault that hits this request, which is counted. */
  readonly take: (path: string) => Fault | undefined;
  readonly clear: () => void;
}

const ALL_PATHS = '*';

export function createFaultTable(): FaultTable {
  const faults = new Map<string, { readonly fault: Fault; timesLeft: number }>();
  return {
    set(path, fault, { times = Number.POSITIVE_INFINITY } = {}) {
      const isCount = times === Number.POSITIVE_INFINITY || (Number.isInteger(times) && times >= 1);
      if (!isCount) throw new RangeError(`times must be a whole number from 1, not ${times}`);
      faults.set(path, { fault, timesLeft: times });
    },
    take(path) {
      const key = faults.has(path) ? path : ALL_PATHS;
      const entry = faults.get(key);
      if (!entry) return undefined;
      entry.timesLeft -= 1;
      if (entry.timesLeft === 0) faults.delete(key);
      return entry.fault;
    },
    clear() {
      faults.clear();
    },
  };
}

/** The answer that a fault gives instead of the right one; undefined when it leaves the answer to others. */
export function substituteAnswer(fault: Fault | undefined): Answer | undefined {
  if (fault?.kind === 'html-200') return textAnswer(200, HTML, '<!doctype html><title>Maintenance</title>\n');
  if (fault?.kind !== 'status') return undefined;
  const { status, body = `<!doctype html><title>${status}</title>\n`, contentType = HTML } = fault;
  return textAnswer(status, contentType, body);
}

const HTML = 'text/html; charset=utf-8';

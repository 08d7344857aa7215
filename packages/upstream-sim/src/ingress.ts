/**
 * What stands in front of the service: it rejects what comes too often before the service hears of it, and answers for
 * paths that lead to no service. Its answers are HTML in nginx's style, without any hint when to come back.
 */
import { type Answer, signed, textAnswer } from './answer.ts';

export interface RateLimit {
  /** Accepted requests in any 60 seconds of the simulator's clock, all paths together; rejected ones do not count. */
  readonly requestsPerMinute: number;
  readonly rejectWith: 429 | 503;
}

export interface Ingress {
  /** The answer to a request that comes too often; undefined when it may pass, and then it counts. */
  readonly rejection: () => Answer | undefined;
  /** The answer to a request outside the base path. */
  readonly notFound: () => Answer;
  /** Starts to count anew. Undefined: no limit. */
  readonly setRateLimit: (limit: RateLimit | undefined) => void;
}

const WINDOW_MS = 60_000;

export function createIngress(clock: () => number): Ingress {
  let rateLimit: RateLimit | undefined;
  let acceptedAt: number[] = [];

  function isTooMany({ requestsPerMinute }: RateLimit): boolean {
    const now = clock();
    acceptedAt = acceptedAt.filter((at) => at > now - WINDOW_MS);
    if (acceptedAt.length >= requestsPerMinute) return true;
    acceptedAt.push(now);
    return false;
  }

  return {
    rejection() {
      return rateLimit && isTooMany(rateLimit) ? page(rateLimit.rejectWith, clock()) : undefined;
    },
    notFound() {
      return page(404, clock());
    },
    setRateLimit(limit) {
      rateLimit = limit;
      acceptedAt = [];
    },
  };
}

const TITLES = {
  404: '404 Not Found',
  429: '429 Too Many Requests',
  503: '503 Service Temporarily Unavailable',
} as const;

function page(status: keyof typeof TITLES, at: number): Answer {
  const title = TITLES[status];
  const html = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
  return signed(textAnswer(status, 'text/html', html), 'nginx', at);
}

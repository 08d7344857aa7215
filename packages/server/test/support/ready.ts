/** Answers that lie ready beside those that are made anew. */
import { fetchRaw, type RawResponse } from './rawHttp.ts';

export const LONG_WAY = 'Max-Forwards: 9';

/** Without what is each request's own; `Date` in this spelling is Node's, of the moment. */
export const comparable = ({ statusLine, headers, body }: RawResponse) => ({
  statusLine,
  headers: headers.filter(([name]) => !/^x-request-id$/i.test(name) && name !== 'Connection' && name !== 'Date'),
  body: body.toString('latin1'),
});

interface Asking {
  readonly method?: string;
  readonly headers?: readonly string[];
}

/** Asks until the answer has come out of the cache twice, then once for the ready one and once for one made anew. */
export async function compare(url: string, { method = 'GET', headers = [] }: Asking = {}) {
  for (let before = 0; before < 3; before++) await fetchRaw(url, { method, headers });
  const ready = await fetchRaw(url, { method, headers });
  const made = await fetchRaw(url, { method, headers: [...headers, LONG_WAY] });
  return { ready: comparable(ready), made: comparable(made) };
}

/** Of several lines the last, which is the relay's. */
export const field = ({ headers }: Pick<RawResponse, 'headers'>, name: string) =>
  headers.findLast(([other]) => other.toLowerCase() === name)?.[1];

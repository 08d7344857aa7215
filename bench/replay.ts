/** One answer exactly as it came over the wire, so that another server can send the same. */
import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** Names and values in turn. */
type FlatFields = readonly string[];

export interface Answer {
  readonly status: number;
  readonly reason: string;
  /** The end-to-end fields, in order; every HTTP server adds those of the connection by itself. */
  readonly fields: FlatFields;
  /** In base64, since it goes from process to process as JSON. */
  readonly body: string;
}

export type RequestFields = Readonly<Record<string, string>>;

const OF_THE_CONNECTION = new Set(['connection', 'keep-alive', 'transfer-encoding']);

/** `node:http` and not `fetch`, which would unpack, join and fold. */
export async function answerOf(url: string, fields: RequestFields = {}): Promise<Answer> {
  const request = http.get(url, { headers: fields, agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const body = await buffer(response);
  const { rawHeaders } = response;
  return {
    status: response.statusCode ?? 0,
    reason: response.statusMessage ?? '',
    fields: rawHeaders.filter((_, index) => !OF_THE_CONNECTION.has(nameAt(rawHeaders, index))),
    body: body.toString('base64'),
  };
}

const nameAt = (flat: FlatFields, index: number) => flat[index - (index % 2)]?.toLowerCase() ?? '';

export function fieldOf({ fields }: Answer, name: string): string | undefined {
  const index = fields.findIndex((field, at) => at % 2 === 0 && field.toLowerCase() === name);
  return index === -1 ? undefined : fields[index + 1];
}

export const bodyBytes = ({ body }: Answer): number => Buffer.byteLength(body, 'base64');

/**
 * An answer before it is sent: status, header lines in order and multiplicity, and a body that is whole or comes piece
 * by piece. Framing is part of the header lines: an answer without `content-length` is sent in chunks.
 */

export type HeaderLine = readonly [name: string, value: string];

export interface Answer {
  readonly status: number;
  /** The reason phrase. Default: the registered one of the status. */
  readonly reason?: string;
  readonly headers: readonly HeaderLine[];
  /** Pieces are made when the client takes them, so a large body needs no memory. */
  readonly body: Buffer | Iterable<Buffer>;
}

/** An answer with a text body of a known length. */
export function textAnswer(
  status: number,
  contentType: string,
  text: string,
  more: readonly HeaderLine[] = [],
): Answer {
  const body = Buffer.from(text);
  const headers: HeaderLine[] = [['content-length', String(body.length)], ['content-type', contentType], ...more];
  return { status, headers, body };
}

export function jsonAnswer(status: number, document: unknown, more: readonly HeaderLine[] = []): Answer {
  return textAnswer(status, 'application/json', JSON.stringify(document), more);
}

/** An answer without a body; `content-length: 0` unless the status forbids one. */
export function emptyAnswer(status: number, headers: readonly HeaderLine[] = []): Answer {
  const length: HeaderLine[] = status === 204 || status === 304 ? [] : [['content-length', '0']];
  return { status, headers: [...length, ...headers], body: Buffer.alloc(0) };
}

export function withHeaders(answer: Answer, more: readonly HeaderLine[]): Answer {
  return { ...answer, headers: [...answer.headers, ...more] };
}

/** Puts `date` and `server` in front, as servers do. */
export function signed(answer: Answer, server: string, at: number): Answer {
  const signature: HeaderLine[] = [
    ['date', new Date(at).toUTCString()],
    ['server', server],
  ];
  return { ...answer, headers: [...signature, ...answer.headers] };
}

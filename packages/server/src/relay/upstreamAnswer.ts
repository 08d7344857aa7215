/**
 * An answer of the upstream, whichever client of HTTP asked for it: its head, and its body as it comes. And what is no
 * answer.
 */
import type { InformationEvent } from 'node:http';
import type { Readable } from 'node:stream';
import { RelayError } from '../errors.ts';
import { type FlatHeaders, fieldValues } from './headers.ts';

export interface UpstreamAnswer {
  readonly status: number;
  readonly reason: string;
  readonly httpVersion: string;
  readonly rawHeaders: FlatHeaders;
  /** Known once the body has ended. */
  readonly rawTrailers: FlatHeaders;
  /**
   * All of a body that has come together with its head, which small ones do, and none (the answer to HEAD, 204, 304) always:
   * it takes no stream to hand that on. Else a stream, to be read or destroyed. To be asked for once.
   */
  takeBody(): Buffer | Readable;
  /** Lets go of the body. One that has not come is not waited for: it may never come. */
  discard(): void;
}

/** A 1xx response that comes before the answer. */
export type Interim = Pick<InformationEvent, 'statusCode' | 'rawHeaders'>;

/** Node leaves the fields beyond these out of an answer without a word. */
const MOST_ANSWER_FIELDS = 1_000;

/** Throws `upstream_invalid_response` for the head of an answer that cannot be relayed. */
export function checkAnswerHead(status: number | undefined, rawHeaders: FlatHeaders): void {
  // without the field that would make it an upgrade
  if (status === 101) throw changedProtocol();
  if (status === undefined || status < 100) throw unusable('its status is none');
  if (rawHeaders.length >= 2 * MOST_ANSWER_FIELDS) throw unusable('too many header fields');
  // another, under the chunks or instead of them, would have to be taken off (RFC 9112, section 6.1)
  const isChunked = (coding: string) => coding.trim().toLowerCase() === 'chunked';
  const codings = fieldValues(rawHeaders, 'transfer-encoding');
  if (codings.length > 1 || !codings.every(isChunked)) throw unusable('its transfer coding is not known');
}

/** An answer that cannot be relayed. */
export const unusable = (what: string, cause?: unknown) =>
  new RelayError('upstream_invalid_response', {
    detail: `The lunch-menu API gave an unusable answer: ${what}.`,
    cause,
  });

/** Nobody asked for another protocol. */
export const changedProtocol = () => unusable('it changed the protocol');

/** The connection went before there was an answer. */
export class LostConnection extends RelayError {
  /** It had been used before: the upstream may have closed it for being idle while the request was on its way. */
  readonly wasReused: boolean;

  constructor(cause: unknown, wasReused: boolean) {
    super('upstream_unreachable', { cause });
    this.wasReused = wasReused;
  }
}

/** What the primary and its workers say to each other. */

export type ToWorker =
  | { readonly kind: 'drain'; readonly graceMs: number }
  | { readonly kind: 'purge'; readonly id: number; readonly uri?: string | undefined }
  | { readonly kind: 'detail'; readonly id: number }
  | { readonly kind: 'metrics'; readonly id: number };

export type FromWorker =
  | { readonly kind: 'listening'; readonly url: string }
  /** It could not start; the text says why. */
  | { readonly kind: 'failed'; readonly text: string }
  | { readonly kind: 'answer'; readonly id: number; readonly value: object };

/** Libraries use the same channel: what is none of ours is theirs. */
export function isMessage(message: unknown): message is { readonly kind: string } {
  return typeof message === 'object' && message !== null && 'kind' in message && typeof message.kind === 'string';
}

/** Relays in front of upstreams that write what a test says, byte for byte. */
import type { Socket } from 'node:net';
import { afterEach } from '@jest/globals';
import { startRelayTo } from './relay.ts';
import { startScriptedUpstream } from './upstreams.ts';

type Answer = (socket: Socket, chunk: string, before: number) => void;

interface ScriptedRelay {
  /** Of the relay. */
  readonly url: string;
  /** As the upstream has received it. */
  readonly received: readonly string[];
}

/** To be called once, where a test file begins: what it gives starts relays that end with their test. */
export function useScriptedRelays() {
  const closing: Array<() => Promise<unknown>> = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  return async (answer: Answer, settings: Readonly<Record<string, string>> = {}): Promise<ScriptedRelay> => {
    const upstream = await startScriptedUpstream(answer);
    closing.push(upstream.close);
    const relay = await startRelayTo(upstream.url, settings);
    closing.push(relay.close);
    return { url: relay.url, received: upstream.received };
  };
}

/** The same answer to whatever comes, one byte a character. */
export const always = (bytes: string) => (socket: Socket) => void socket.write(bytes, 'latin1');

export const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** The lines of what an upstream has received. */
export const headOf = (request = '') => request.split('\r\n\r\n', 1)[0]?.split('\r\n') ?? [];

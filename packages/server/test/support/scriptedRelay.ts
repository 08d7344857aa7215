/** Relays in front of upstreams that a test writes: byte for byte, or as a handler. */
import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { closedAfterEach } from './closing.ts';
import { startRelayTo } from './relay.ts';
import { startHttpUpstream, startScriptedUpstream } from './upstreams.ts';

type Answer = (socket: Socket, chunk: string, before: number) => void;

interface ScriptedRelay {
  /** Of the relay. */
  readonly url: string;
  /** As the upstream has received it. */
  readonly received: readonly string[];
}

/** To be called once, where a test file begins: what it gives starts relays that end with their test. */
export function useScriptedRelays() {
  const closing = closedAfterEach();
  return async (answer: Answer, settings: Readonly<Record<string, string>> = {}): Promise<ScriptedRelay> => {
    const upstream = await startScriptedUpstream(answer);
    closing.push(upstream.close);
    const relay = await startRelayTo(upstream.url, settings);
    closing.push(relay.close);
    return { url: relay.url, received: upstream.received };
  };
}

/** Likewise, in front of upstreams that answer by a handler; gives the relay's URL. */
export function useHandledRelays() {
  const closing = closedAfterEach();
  return async (handle: RequestListener, settings: Readonly<Record<string, string>> = {}): Promise<string> => {
    const upstream = await startHttpUpstream(handle);
    closing.push(upstream.close);
    const relay = await startRelayTo(upstream.url, settings);
    closing.push(relay.close);
    return relay.url;
  };
}

/** The same answer to whatever comes, one byte a character. */
export const always = (bytes: string) => (socket: Socket) => void socket.write(bytes, 'latin1');

export const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** The lines of what an upstream has received. */
export const headOf = (request = '') => request.split('\r\n\r\n', 1)[0]?.split('\r\n') ?? [];

/** What every server of this folder does: listen on a free port, say which, and end with whoever has started it. */
import type http from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the suite has passed on. */
export const taskOf = <Task>(): Task => JSON.parse(process.argv[2] ?? '{}') as Task;

export function serve(server: http.Server): void {
  // as long as a round and the pause between two: no connection is closed in the middle of the measurement
  server.keepAliveTimeout = 60_000;
  // as many may wait as with the relay, of which nothing is loaded here
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () =>
    process.send?.({ port: (server.address() as AddressInfo).port }),
  );
  endWithParent();
}

export function endWithParent(): void {
  process.once('disconnect', () => process.exit(0));
}

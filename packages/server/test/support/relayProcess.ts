/** The relay as a real process, on free ports. */
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { type Simulator, startSimulator } from '@lunch-relay/upstream-sim';
import { type Program, startProgram } from './program.ts';
import { until } from './until.ts';

export interface RelayProcess extends Program {
  /** Rejects when the process ends before it listens. */
  readonly listening: Promise<{ readonly url: string; readonly adminUrl: string }>;
}

/** Makes the process throw what nobody catches, or be busy for two seconds with hardly a break, when it gets a signal. */
const FAULTS = `
process.on('SIGUSR2', () => { throw new Error('nobody catches this'); });
const work = (left) => { for (const end = Date.now() + 400; Date.now() < end; ); if (left > 1) setImmediate(work, left - 1); };
process.on('SIGWINCH', () => work(5));`;

export const WITH_FAULTS = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(FAULTS)}` };

type Settings = Readonly<Record<string, string>>;

/** The processes of a test file, in front of one upstream: each ends with the test that has started it. */
export interface RelayProcesses {
  readonly simulator: () => Simulator;
  readonly start: (settings?: Settings, ...words: readonly string[]) => RelayProcess;
}

/** To be called once, where a test file begins. */
export function useRelayProcesses(common: Settings = {}): RelayProcesses {
  const started: RelayProcess[] = [];
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSimulator();
  });
  afterAll(() => simulator.close());
  afterEach(async () => {
    for (const { child, ended } of started.splice(0)) {
      child.kill('SIGKILL'); // workers end with their primary
      await ended;
    }
    simulator.clearFaults();
    simulator.setLatency(0);
    simulator.resetRequests();
  });
  return {
    simulator: () => simulator,
    start(settings, ...words) {
      const relay = startRelayProcess({ UPSTREAM_URL: simulator.url, ...common, ...settings }, words);
      started.push(relay);
      return relay;
    },
  };
}

export function startRelayProcess(settings: Settings, words: readonly string[] = []): RelayProcess {
  const listeners = { HOST: '127.0.0.1', PORT: '0', ADMIN_PORT: '0', SHUTDOWN_GRACE_MS: '0' };
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const environment = { PATH, NODE_COMPILE_CACHE, ...listeners, ...settings };
  const program = startProgram('packages/server/src/main.ts', words, environment);
  const { child, said } = program;
  const listening = (async () => {
    for await (const line of createInterface({ input: child.stdout })) {
      const { url, adminUrl } = line.startsWith('{') ? (JSON.parse(line) as { url?: string; adminUrl?: string }) : {};
      if (url && adminUrl) return { url, adminUrl };
    }
    throw new Error(`never listened: ${said.stderr}`);
  })();
  listening.catch(() => {}); // not every test waits for it
  return { ...program, listening };
}

export const readiness = async (adminUrl: string) => {
  const response = await fetch(`${adminUrl}/readyz`);
  return { status: response.status, body: (await response.json()) as { status: string } };
};

/** Clients behind a balancer: they ask as long as the relay is ready. */
export interface Load {
  /** Waits until so many more requests have ended. */
  readonly more: (requests: number) => Promise<void>;
  /** Waits until the relay is not ready, or stops asking; gives how each request ended. */
  readonly ended: () => Promise<readonly Outcome[]>;
  readonly stop: () => Promise<readonly Outcome[]>;
}

interface Outcome {
  readonly startedAt: number;
  /** A status, or the code of what ended it. */
  readonly result: number | string;
}

const LOOK_EVERY_MS = 20;
const CLIENTS = 10;

/** Each client asks for one thing after the other, half of them on connections that they keep. */
export function startLoad(url: string, adminUrl: string): Load {
  const outcomes: Outcome[] = [];
  let isStopping = false;
  const look = setInterval(() => {
    const stop = () => {
      isStopping = true;
    };
    readiness(adminUrl).then(({ status }) => status === 200 || stop(), stop);
  }, LOOK_EVERY_MS);
  const client = async (_: unknown, index: number) => {
    const headers = index % 2 === 0 ? { Connection: 'close' } : {};
    while (!isStopping) {
      const startedAt = performance.now();
      const result = await fetch(url, { headers, signal: AbortSignal.timeout(20_000) }).then(
        async (response) => {
          await response.arrayBuffer();
          return response.status;
        },
        (error: Error & { cause?: { code?: string } }) => error.cause?.code ?? error.name,
      );
      outcomes.push({ startedAt, result });
    }
  };
  const running = Promise.all(Array.from({ length: CLIENTS }, client));
  const ended = async () => {
    await running;
    clearInterval(look);
    return outcomes;
  };
  return {
    async more(requests) {
      const enough = outcomes.length + requests;
      await until(() => outcomes.length >= enough);
    },
    ended,
    stop() {
      isStopping = true;
      return ended();
    },
  };
}

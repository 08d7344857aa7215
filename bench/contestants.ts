/**
 * Who answers in a scenario, and how each is started. All give the same status and body (other workers, which have asked at
 * another moment, as many bytes); whoever does not is an error and no contestant.
 */

import { forkServer, type ServerProcess } from './processes.ts';
import { startRelayProcess } from './relay.ts';
import { type Answer, answerOf, bodyBytes, fieldOf, type RequestFields } from './replay.ts';
import { startRival } from './rivals.ts';
import type { ContestantName, Scenario } from './scenarios.ts';
import { startUpstream } from './upstream.ts';

export interface Contestant {
  readonly name: ContestantName;
  readonly server: ServerProcess;
}

export interface Field {
  readonly contestants: readonly Contestant[];
  /** Of every request. */
  readonly fields: RequestFields;
  /** What all of them answer. */
  readonly answer: Answer;
  readonly stop: () => Promise<void>;
}

interface FieldOptions {
  readonly names: readonly ContestantName[];
  readonly redisUrl: string | undefined;
  readonly isFromSource: boolean;
}

/** Starts everybody in a scenario. Rejects, with nothing left running, if one answers something else. */
export async function startField(scenario: Scenario, options: FieldOptions): Promise<Field> {
  const servers: ServerProcess[] = [];
  const start = async (starting: Promise<ServerProcess>) => {
    const server = await starting;
    servers.push(server);
    return server;
  };
  const stop = async () => {
    for (const server of servers.toReversed()) await server.stop();
  };
  try {
    return { ...(await line(scenario, options, start)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Start = (starting: Promise<ServerProcess>) => Promise<ServerProcess>;

async function line(scenario: Scenario, options: FieldOptions, start: Start): Promise<Omit<Field, 'stop'>> {
  const upstream = await start(scenario.upstream === 'origin' ? forkServer('origin', {}) : startUpstream());
  const upstreamUrl = `${upstream.url}/api`;
  const redisUrl = scenario.needsRedis ? options.redisUrl : undefined;
  const relayOf = (workers: number) =>
    start(
      startRelayProcess({
        upstreamUrl,
        isFromSource: options.isFromSource,
        settings: { ...scenario.settings, WORKERS: String(workers), ...(redisUrl && { REDIS_URL: redisUrl }) },
      }),
    );
  const relay = await relayOf(1);
  const { path, whole, answer, fields } = await exampleOf(scenario, relay.url);
  const notModified = scenario.isConditional ? { notModified: answer } : {};
  const floor = () => start(forkServer('floor', { answer: whole, ...notModified }));
  // caches and the proxy stand in front of another such server, and where nothing may be kept of the relay's own
  const isMiss = scenario.paths.kind === 'distinct';
  const behind = isMiss ? upstream : await floor();
  const starters: Record<ContestantName, () => Promise<ServerProcess>> = {
    relay: () => Promise.resolve(relay),
    'relay-2-workers': () => relayOf(2),
    floor,
    'redis-floor': () => start(forkServer('redisFloor', { answer, ...redisTask(redisUrl, whole) })),
    'bare-proxy': () => start(forkServer('bareProxy', { target: behind.url })),
    nginx: () => start(startRival('nginx', behind.url)),
    varnish: () => start(startRival('varnish', behind.url)),
  };
  const contestants: Contestant[] = [];
  for (const name of options.names) contestants.push({ name, server: await starters[name]() });
  for (const contestant of contestants) await checkAnswer(contestant, path, fields, answer);
  return { contestants, fields, answer };
}

/** What an entry takes there: the body in base64 and the fields. */
const redisTask = (redisUrl: string | undefined, whole: Answer) => ({
  redisPort: Number(new URL(redisUrl ?? 'redis://none:0').port),
  entryBytes: whole.body.length + whole.fields.join('","').length + 200,
});

/** The relay's answer once it has what it needs; of many paths the one with the body of middle size. */
async function exampleOf({ paths, isConditional }: Scenario, url: string) {
  const examples = await Promise.all(examplePaths(paths).map((path) => twice(url, path)));
  const bySize = examples.toSorted((a, b) => bodyBytes(a.answer) - bodyBytes(b.answer));
  const { path, answer: whole } = bySize[Math.floor(bySize.length / 2)] ?? (await twice(url, '/'));
  if (whole.status !== 200) throw new Error(`the relay answers ${path} with ${whole.status}`);
  if (!isConditional) return { path, whole, answer: whole, fields: {} };
  const fields = { 'If-None-Match': fieldOf(whole, 'etag') ?? '' };
  const answer = await answerOf(url + path, fields);
  if (answer.status !== 304) throw new Error(`the relay answers ${path} with ${answer.status} instead of 304`);
  return { path, whole, answer, fields };
}

/** The first answer fills the cache, the second is a hit where there are hits. */
async function twice(url: string, path: string) {
  await answerOf(url + path);
  return { path, answer: await answerOf(url + path) };
}

const MOST_EXAMPLES = 20;

function examplePaths(paths: Scenario['paths']): string[] {
  if (paths.kind === 'one') return [paths.path];
  if (paths.kind === 'distinct') return [`${paths.prefix}example`];
  const step = Math.ceil(paths.paths.length / MOST_EXAMPLES);
  return paths.paths.filter((_, index) => index % step === 0);
}

async function checkAnswer(
  { name, server }: Contestant,
  path: string,
  fields: RequestFields,
  expected: Answer,
): Promise<void> {
  await answerOf(server.url + path);
  const given = await answerOf(server.url + path, fields);
  // other workers have fetched it at another moment, and say so in it
  const hasBody = name === 'relay-2-workers' ? bodyBytes(given) === bodyBytes(expected) : given.body === expected.body;
  if (given.status === expected.status && hasBody) return;
  throw new Error(
    `${name} answers ${path} with ${given.status} and ${bodyBytes(given)} bytes, which are not the relay's`,
  );
}

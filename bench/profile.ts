/**
 * `pnpm bench:profile`: where the processor time of a request goes, as a flame graph.
 *
 *   --path /restaurant/nanna   what is asked, again and again
 *   --seconds 5
 *   --out DIR                  default bench/results
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chooseGenerator } from './load/closedLoop.ts';
import { numberFrom, readOptions, run } from './options.ts';
import { startRelayProcess } from './relay.ts';
import { type CpuProfile, flameGraph, framesOf } from './report/flameGraph.ts';
import { describeMachine, RESULTS, writeResult } from './results.ts';
import { startUpstream } from './upstream.ts';

const DEFAULTS = { path: '/restaurant/nanna', seconds: '5', out: RESULTS };

/** Modules have been loaded and functions compiled by then. */
const WARM_UP_S = 2;

async function main(): Promise<void> {
  const options = readOptions(DEFAULTS);
  const seconds = numberFrom('seconds', options.seconds, 1, 60);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lunch-relay-profile-'));
  const upstream = await startUpstream();
  const startedAt = performance.now();
  const nodeOptions = ['--cpu-prof', `--cpu-prof-dir=${folder}`];
  const relay = await startRelayProcess({ upstreamUrl: upstream.baseUrl, nodeOptions });
  const generator = chooseGenerator();
  const plan = { url: relay.url, paths: { kind: 'one' as const, path: options.path }, fields: {}, connections: 64 };
  await generator.run({ ...plan, seconds: WARM_UP_S });
  const skipUs = (performance.now() - startedAt) * 1000;
  const { requests } = await generator.run({ ...plan, seconds });
  await relay.stop();
  await upstream.stop();
  const [file = ''] = readdirSync(folder);
  const profile = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as CpuProfile;
  rmSync(folder, { recursive: true });
  const root = framesOf(profile, skipUs);
  const each = root.totalUs / requests;
  const title = `GET ${options.path}: ${each.toFixed(1)} µs of processor time each, while being profiled`;
  console.log(title);
  const result = { kind: 'profile', machine: describeMachine(), path: options.path, requests, eachUs: each };
  writeResult(options.out, 'profile', result, { 'profile.svg': flameGraph(root, title) });
}

run(main);

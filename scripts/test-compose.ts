/**
 * `pnpm test:compose`: brings docker-compose.yml up for real, in front of the simulated upstream, and asks it; takes Redis
 * away and gives it back; scales to three relays, stops one under load, and upgrades all by the runbook; takes everything
 * down. Needs a Docker engine with compose v2, and is run by hand.
 */
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { provideNginx } from './nginxImage.ts';

const PORT = process.env['PORT'] ?? '18080';
const RELAY = `http://127.0.0.1:${PORT}`;
const LIMITS = { CLIENT_RATE_LIMIT: '0', UPSTREAM_CALLS_PER_MINUTE: '0' };
const environment = { ...process.env, ...LIMITS, PORT, UPSTREAM_URL: 'http://upstream-sim:9090/api' };
const PROJECT = ['compose', '-p', 'lunch-relay-test'];
const IMAGE = 'lunch-relay-test-relay';

function docker(words: readonly string[]): string {
  console.log(`$ docker ${words.join(' ')}`);
  return execFileSync('docker', words, { env: environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

const compose = (...words: string[]) => docker([...PROJECT, '--profile', 'demo', ...words]);

function check(what: string, holds: boolean): void {
  console.log(`${holds ? 'ok' : 'NOT OK'}: ${what}`);
  if (!holds) process.exitCode = 1;
}

const status = async (path: string) => (await fetch(RELAY + path)).status;

const inRelay = (script: string, index = 1) =>
  compose('exec', '-T', '--index', String(index), 'relay', 'node', '-e', script);
const admin = (uri: string, index = 1) =>
  inRelay(`fetch('http://127.0.0.1:8081${uri}').then((answer) => answer.text()).then(console.log)`, index);
const inRedis = (...words: string[]) => compose('exec', '-T', 'redis', 'redis-cli', ...words);

async function redisIs(state: string): Promise<boolean> {
  for (let attempt = 0; attempt < 50; attempt++) {
    if (admin('/readyz').includes(`"redis":"${state}"`)) return true;
    await sleep(200);
  }
  return false;
}

async function checkAnswers(): Promise<void> {
  const list = (await (await fetch(`${RELAY}/restaurant`)).json()) as { restaurants: unknown[] };
  check('/restaurant lists 18 restaurants', list.restaurants.length === 18);
  for (const path of ['/restaurant/nanna', '/relay_anything/version', '/docs', '/openapi.json'])
    check(`${path} is answered`, (await status(path)) === 200);
  for (const path of ['/livez', '/readyz', '/metrics'])
    check(`${path} is not to be had from outside`, (await status(path)) === 404);
}

function checkContainers(): void {
  check('the relay is no root', inRelay('console.log(process.getuid())').trim() === '1000');
  const write = `try { fs.writeFileSync('/app/x', ''); console.log('written') } catch { console.log('refused') }`;
  check('its file system is read-only', inRelay(write).trim() === 'refused');
  const names = compose('ps', '--format', '{{.Name}} {{.Publishers}}').trim().split('\n');
  const published = names.filter((line) => /0\.0\.0\.0/.test(line));
  check('only the balancer has a published port', published.length === 1 && /balancer/.test(published[0] ?? ''));
  for (const name of names.map((line) => line.split(' ')[0] ?? '')) {
    const memory = Number(docker(['inspect', '--format', '{{.HostConfig.Memory}}', name]));
    check(`${name} may hold ${memory / 1024 ** 2} MiB`, memory > 0);
  }
}

function checkRedis(): void {
  check('Redis tells nothing without a password', inRedis('keys', '*').includes('NOAUTH'));
  const url = inRelay(`console.log(fs.readFileSync(process.env.REDIS_URL_FILE, 'utf8'))`);
  const auth = ['--no-auth-warning', '-a', new URL(url).password];
  const ask = (...words: string[]) => inRedisSilently(...auth, ...words);
  check('Redis holds the list', ask('keys', '*').includes('lunch-relay::list'));
  check('it drops the least used when it is full', ask('config', 'get', 'maxmemory-policy').includes('allkeys-lru'));
  const logs = compose('logs', 'relay', 'redis', 'secrets');
  check('its password is in no log', !logs.includes(new URL(url).password));
}

/** As `inRedis`, without writing down the password. */
const inRedisSilently = (...words: string[]) =>
  execFileSync('docker', [...PROJECT, 'exec', '-T', 'redis', 'redis-cli', ...words], { encoding: 'utf8' });

async function checkWithoutRedis(): Promise<void> {
  compose('kill', 'redis');
  check('without Redis /restaurant/jons is answered', (await status('/restaurant/jons')) === 200);
  check('the relay knows that Redis is down', await redisIs('down'));
  compose('start', 'redis');
  check('the relay uses Redis again', await redisIs('up'));
}

async function checkScaled(): Promise<void> {
  compose('up', '--detach', '--wait', '--no-recreate', '--scale', 'relay=3');
  await sleep(2_000); // the balancer looks for new addresses every second
  for (let request = 0; request < 60; request++) await status('/restaurant/nanna');
  const served = (index: number) =>
    /^lunch_relay_request_duration_seconds_count\{route="getRestaurant",status_class="2xx"\} (\d+)/m.exec(
      admin('/metrics', index),
    )?.[1];
  const counts = [1, 2, 3].map(served);
  check(`all three serve (${counts.join(', ')} requests)`, !counts.includes(undefined));
  await checkNoneFails('one stops under load', ['docker', 'stop', 'lunch-relay-test-relay-2']);
}

/** Asks again and again for as long as the command runs; gives whether that went well. */
async function checkNoneFails(what: string, [file = '', ...words]: readonly string[]): Promise<boolean> {
  const results = new Map<number | string, number>();
  const options = { env: { ...environment, COMPOSE_PROJECT_NAME: PROJECT[2] } };
  let went: boolean | undefined;
  const ending = promisify(execFile)(file, words, options).then(
    () => (went = true),
    () => (went = false),
  );
  while (went === undefined) {
    const result = await status('/restaurant/nanna').catch((error: Error) => error.message);
    results.set(result, (results.get(result) ?? 0) + 1);
    await Promise.race([ending, sleep(5)]);
  }
  check(`${what} and no request fails (${[...results].join(' ')})`, [...results.keys()].join() === '200');
  return went;
}

/** The recipes of the runbook for an upgrade and for one that fails: of three relays, in this project. */
function upgradeRecipes(): readonly string[] {
  const runbook = readFileSync('docs/operations.md', 'utf8');
  const recipes = [...runbook.matchAll(/```sh\n(docker tag .*?)```/gs)].map(([, recipe = '']) => recipe);
  return recipes.map((recipe) => recipe.replaceAll('lunch-relay-relay', IMAGE).replace('relay=2', 'relay=6'));
}

const BROKEN_BUILD = `printf 'FROM ${IMAGE}\nENTRYPOINT ["false"]' | docker build --quiet --tag ${IMAGE} -`;

const relays = () => compose('ps', '--all', '--quiet', 'relay').trim().split('\n').sort();

async function checkUpgrade(): Promise<void> {
  compose('up', '--detach', '--wait', '--no-recreate', '--scale', 'relay=3');
  const [upgrade = '', giveUp = ''] = upgradeRecipes();
  const before = relays();
  check('the upgrade of the runbook goes well', await checkNoneFails('all are replaced', ['sh', '-c', upgrade]));
  const after = relays();
  check('three new relays are there', after.length === 3 && after.every((id) => !before.includes(id)));

  const broken = upgrade.replace('docker compose build relay', BROKEN_BUILD);
  await checkNoneFails('an image that does not start replaces none', ['sh', '-c', `${broken}\n${giveUp}`]);
  check('the relays are those from before', relays().join() === after.join());
}

try {
  console.log(provideNginx());
  docker([...PROJECT, '--profile', 'insights', 'config', '--quiet']);
  check('the insights profile is valid (RedisInsight itself is not started here)', true);
  compose('up', '--build', '--wait', '--detach');
  console.log(compose('ps', '--all', '--format', '{{.Service}} {{.State}} {{.Health}} {{.ExitCode}}'));
  await checkAnswers();
  checkContainers();
  checkRedis();
  await checkWithoutRedis();
  await checkScaled();
  await checkUpgrade();
  compose('stop', 'relay');
  const exits = compose('ps', '--all', '--format', '{{.ExitCode}}', 'relay').trim().split('\n');
  check(
    `the relays exit 0 on SIGTERM (${exits.join(', ')})`,
    exits.length === 3 && exits.every((code) => code === '0'),
  );
  console.log(docker(['images', '--format', '{{.Repository}} {{.Size}}', `${IMAGE}:latest`]));
} finally {
  compose('down', '--volumes', '--remove-orphans');
}

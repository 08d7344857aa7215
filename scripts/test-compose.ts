/**
 * `pnpm test:compose`: brings docker-compose.yml up for real, in front of the simulated upstream, and asks it; takes Redis
 * away and gives it back; takes everything down. Needs a Docker engine with compose v2, and is run by hand.
 */
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const PORT = process.env['PORT'] ?? '18080';
const RELAY = `http://127.0.0.1:${PORT}`;
const environment = { ...process.env, PORT, UPSTREAM_URL: 'http://upstream-sim:9090/api' };

const compose = (...words: string[]) => {
  console.log(`$ docker compose ${words.join(' ')}`);
  return execFileSync('docker', ['compose', '-p', 'lunch-relay-test', '--profile', 'demo', ...words], {
    env: environment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
};

function check(what: string, holds: boolean): void {
  console.log(`${holds ? 'ok' : 'NOT OK'}: ${what}`);
  if (!holds) process.exitCode = 1;
}

async function status(path: string): Promise<number> {
  return (await fetch(RELAY + path)).status;
}

const inRelay = (script: string) => compose('exec', '-T', 'relay', 'node', '-e', script);
const readiness = () =>
  inRelay(`fetch('http://127.0.0.1:8081/readyz').then((answer) => answer.text()).then(console.log)`);

async function redisIs(state: string): Promise<boolean> {
  for (let attempt = 0; attempt < 50; attempt++) {
    if (readiness().includes(`"redis":"${state}"`)) return true;
    await sleep(200);
  }
  return false;
}

try {
  compose('up', '--build', '--wait', '--detach');
  console.log(compose('ps', '--format', '{{.Service}} {{.State}} {{.Health}}'));
  check(
    '/restaurant lists 18 restaurants',
    ((await (await fetch(`${RELAY}/restaurant`)).json()) as { restaurants: unknown[] }).restaurants.length === 18,
  );
  check('/restaurant/nanna is answered', (await status('/restaurant/nanna')) === 200);
  check('the raw relay answers', (await status('/relay_anything/version')) === 200);
  check('/docs is served', (await status('/docs')) === 200);
  check('the relay is no root', inRelay('console.log(process.getuid())').trim() === '1000');
  check(
    'its file system is read-only',
    inRelay(
      `try { fs.writeFileSync('/app/x', ''); console.log('written') } catch { console.log('refused') }`,
    ).trim() === 'refused',
  );
  check(
    'the admin listener is not published',
    await fetch('http://127.0.0.1:8081/livez').then(
      () => false,
      () => true,
    ),
  );
  check('Redis holds the list', compose('exec', '-T', 'redis', 'redis-cli', 'keys', '*').includes('lunch-relay::list'));
  compose('kill', 'redis');
  check('without Redis /restaurant/jons is answered', (await status('/restaurant/jons')) === 200);
  check('the relay knows that Redis is down', await redisIs('down'));
  compose('start', 'redis');
  check('the relay uses Redis again', await redisIs('up'));
  compose('stop', 'relay');
  check('the relay exits 0 on SIGTERM', compose('ps', '--all', '--format', '{{.ExitCode}}', 'relay').trim() === '0');
  console.log(
    execFileSync('docker', ['images', '--format', '{{.Repository}} {{.Size}}', 'lunch-relay-test-relay'], {
      encoding: 'utf8',
    }),
  );
} finally {
  compose('down', '--volumes', '--remove-orphans');
}

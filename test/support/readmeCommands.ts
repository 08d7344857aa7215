/** Every command of README.md, and what becomes of it in a test: it is run, or there is a reason why it is not. */
import path from 'node:path';
import { publishedPackages, tarballOf } from '../../scripts/published.ts';

export interface Run {
  /** What it writes to standard output. */
  readonly prints?: RegExp;
  /** Of which one is its exit status; default: 0 alone. */
  readonly exitCodes?: readonly number[];
  /** It serves until Ctrl-C: `ready` is what it has written once it does. */
  readonly ready?: RegExp;
  /** Where the README says so; default: in the clone. */
  readonly in?: 'a service of one’s own';
  /** Whether the clone must be as it was before. */
  readonly changesNothing?: true;
}

const SUITE = 'runs the tests, as CI does in a step of its own';
const DOCKER = 'needs a Docker engine; `pnpm test:compose` runs the containers where there is one';

const [sdk = '', cli = ''] = publishedPackages().map((one) => path.basename(tarballOf(one)));

/** In the order in which they are run: what serves comes before what asks it. */
export const COMMANDS: Readonly<Record<string, Run | string>> = {
  'npx -y pnpm@12 demo': { ready: /Serves \d+ dishes[\s\S]*Ctrl-C stops both\./ },
  'npx -y pnpm@12 demo --once': { prints: /^It has asked it \d+ times/m },
  'npx -y pnpm@12 demo --port 8080': {
    ready: /The relay listens on http:\/\/localhost:8080 [\s\S]*Ctrl-C stops both\./,
  },
  'npx -y pnpm@12 test': SUITE,
  'npx -y pnpm@12 test --coverage': SUITE,
  'npx -y pnpm@12 test packages/cli': SUITE,
  'npx -y pnpm@12 test:random': SUITE,
  'npx -y pnpm@12 test:system': 'runs this very test',
  'npx -y pnpm@12 check': SUITE,
  'npx -y pnpm@12 release --dry-run': 'is run in a clone of its own by release.system.ts',
  'npx -y pnpm@12 test:compose': DOCKER,
  'docker compose up --build': DOCKER,
  'docker compose up --build --scale relay=3': DOCKER,
  'docker compose watch': DOCKER,
  'docker compose --profile insights up': DOCKER,
  'UPSTREAM_URL=http://upstream-sim:9090/api docker compose --profile demo up --build': DOCKER,
  'npx -y pnpm@12 run audit': 'asks for known vulnerabilities, which not every registry answers',

  'npx -y pnpm@12 generate': { changesNothing: true },
  'npx -y pnpm@12 format': { changesNothing: true },
  'npx -y pnpm@12 start --help': { prints: /UPSTREAM_URL/ },
  'npx -y pnpm@12 simulate --port 9090 --wire W4': { ready: /:9090/ },
  // at the simulator, by UPSTREAM_URL: the real API is on the internet
  'npx -y pnpm@12 start': { ready: /:8080/ },
  'npx -y pnpm@12 lunch nanna': { prints: /^Restaurang Nanna Svartz · Solna$/m },
  'curl http://localhost:8080/restaurant/nanna': { prints: /"today":\{"identifier":"nanna"/ },
  "curl 'http://localhost:8080/dishes?q=lax'": { prints: /^\{"query":"lax"/ },
  'curl -L http://localhost:8080/relay_anything/restaurant/nanna': { prints: /"menu":/ },
  "curl -X DELETE 'http://127.0.0.1:8081/cache?uri=/version'": {},

  'npx -y pnpm@12 pack:all': { prints: /^release\/lunch-relay-sdk-/m },
  [`npm install --global ./release/${cli}`]: {},
  'lunch nanna hubben': { prints: /^Restaurang Nanna Svartz · Solna\n[\s\S]*^Restaurang Hubben · Uppsala$/m },
  'lunch find lax': { exitCodes: [0, 4] }, // the menus are today's
  'lunch café': { exitCodes: [2] },
  'lunch nana': { exitCodes: [3] },
  'lunch list --region bmc': { prints: /^bikupan {2}Restaurang Bikupan {2}Uppsala$/m },
  [`npm install /path/to/${sdk}`]: { in: 'a service of one’s own' },
};

/** All of them, each once, in the order of the page. */
export function readCommands(readme: string): string[] {
  const blocks = [...readme.matchAll(/^```(\w*)\n(.*?)^```$/gms)].flatMap(([, language = '', text = '']) =>
    text.split('\n').flatMap((line) => commandOf(language, line)),
  );
  const prose = readme.replace(/^```.*?^```$/gms, '');
  const pictures = [...prose.matchAll(/!\[[^\]]+\]\(\S+ "\$ ([^"]+)"\)/g)].map(([, command = '']) => command);
  const inline = [...prose.matchAll(/`([^`\n]+)`/g)].flatMap(([, code = '']) => commandsIn(code));
  return [...new Set([...blocks, ...pictures, ...inline, ...scriptsOf(prose)])];
}

function commandOf(language: string, line: string): string[] {
  if (language === 'ts') return [];
  if (language === 'sh') return line === '' ? [] : [line.replace(/ {2,}# .*$/, '').trim()];
  // what a command prints stands under it
  if (language === 'console') return line.startsWith('$ ') ? [line.slice(2)] : [];
  throw new Error(`Nobody has said what a block of "${language}" is.`);
}

/** Of what stands between back-ticks: a command that can be run as it is, or nothing. */
function commandsIn(code: string): string[] {
  if (/[…<|]/.test(code)) return []; // a pattern of commands
  if (/^(?:npx|npm|curl|docker) /.test(code)) return [code];
  return /^demo /.test(code) ? [`npx -y pnpm@12 ${code}`] : [];
}

/** The first column of the table of scripts. */
function scriptsOf(prose: string): string[] {
  const table = prose.slice(prose.indexOf('\n## Developing\n'));
  const cells = [...table.matchAll(/^\| (`[^|]+`) +\|/gm)].map(([, cell = '']) => cell);
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => `npx -y pnpm@12 ${code}`));
}

/** `lunch` as people have it: bundled, on a real terminal, and with Tab in the shells that it completes for. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { startTestRelay, type TestRelay } from '../../packages/server/test/support/relay.ts';
import { runFile } from '../support/tarballs.ts';
import { describeWith } from './programs.ts';
import { openTerminal, type Terminal } from './tmux.ts';

let test: TestRelay;
let home: string;
let environment: Record<string, string>;
beforeAll(async () => {
  test = await startTestRelay({ now: Date.now(), settings: { UPSTREAM_TIMEOUT_MS: '10000' } });
  home = mkdtempSync(path.join(os.tmpdir(), 'lunch-system-'));
  const program = path.join(home, 'lunch');
  writeFileSync(
    program,
    `#!/bin/sh\nexec "${process.execPath}" "${path.resolve('packages/cli/bundle/lunch.cjs')}" "$@"\n`,
  );
  chmodSync(program, 0o755);
  environment = {
    HOME: home,
    XDG_CONFIG_HOME: path.join(home, 'config'),
    XDG_CACHE_HOME: path.join(home, 'cache'),
    XDG_DATA_HOME: path.join(home, 'data'),
    LUNCH_RELAY_URL: test.relay.url,
    PATH: `${home}:${process.env['PATH']}`,
    PS1: '$ ',
  };
  // completion asks the disk only
  await runFile(program, ['list'], { env: { ...process.env, ...environment } });
}, 60_000);
afterAll(async () => {
  await test.close();
  rmSync(home, { recursive: true, force: true });
});

describeWith('tmux', 'lunch on a terminal', (tmux) => {
  let terminal: Terminal;
  beforeEach(async () => {
    terminal = openTerminal(tmux, { columns: 80, rows: 24, environment });
    // what is typed before the prompt is there stands before it, and what comes then behind it
    await terminal.seen(/^\$$/m);
  });
  afterEach(() => {
    test.simulator.clearFaults();
    terminal.close();
  });
  /** Types a command, and its exit status behind it. */
  const enter = (command: string) => terminal.type(`${command}; echo "ended with $?"`, 'Enter');
  const isCursorVisible = () => terminal.ask('cursor_flag') === '1';

  it('finds in the picker by typing, and shows what was picked', async () => {
    enter('lunch');
    await terminal.seen(/^Where to\?\n❯ bikupan/);
    terminal.type('jöns');
    await terminal.seen(/^Where to\? jöns\n❯ jons {8}Jöns Jacob {15}Solna\n↑↓/);
    terminal.resize(30, 5);
    await terminal.seen(/^Where to\? jöns\n❯ jons {8}Jöns Jacob\n/);
    terminal.resize(1, 3);
    await terminal.seen(/^W\n❯\n↑/);
    terminal.resize(80, 24);
    terminal.type('Enter');
    await terminal.seen(/^Jöns Jacob · Solna\n.*\n(.*\n)*ended with 0/m);
    expect(terminal.text()).not.toContain('Where to?');
    expect(terminal.screen()).toContain('\u001b[1mJöns Jacob');
    expect(isCursorVisible()).toBe(true);
  }, 20_000);

  it('leaves the picker with Esc, and the screen as it was', async () => {
    enter('echo before; lunch');
    await terminal.seen(/^Where to\?/);
    terminal.type('Down', 'Down', 'Up');
    await terminal.seen(/^❯ biomedicum/m);
    terminal.type('Escape');
    await terminal.seen(/^before\nended with 0/m);
  }, 20_000);

  it('leaves the picker with Ctrl-C, with status 130', async () => {
    enter('lunch');
    await terminal.seen(/^Where to\?/);
    terminal.type('C-c');
    await terminal.seen(/^ended with 130/m);
    expect(isCursorVisible()).toBe(true);
  }, 20_000);

  it('shows favourites where there are any', async () => {
    enter('lunch fav add nanna 2>/dev/null; lunch; lunch fav remove nanna');
    await terminal.seen(/^Restaurang Nanna Svartz · Solna\n(.*\n)*ended with 0/m);
  }, 20_000);

  it('spins while the relay is slow, ends at once on Ctrl-C, and gives the cursor back', async () => {
    test.simulator.setFault('/restaurant/omni', { kind: 'hang' });
    enter('lunch omni');
    await terminal.seen(/^. Asking http:/m);
    expect(isCursorVisible()).toBe(false);
    terminal.type('C-c');
    await terminal.seen(/^ended with 130/m, 2_000);
    expect(terminal.text()).not.toContain('Asking');
    expect(isCursorVisible()).toBe(true);
    // nobody looks at a spinner in a file
    enter('lunch omni --timeout 1 2>&1 | cat');
    await terminal.seen(/^lunch: no answer from http.*within 1 s/m);
    expect(terminal.text().match(/Asking/g)).toBeNull();
  }, 20_000);

  it('is quiet when the reader of a pipe has enough, and when standard input is closed', async () => {
    enter('for i in 1 2 3; do lunch list uppsala solna --json 2>/dev/null | head -1; lunch solna | head -1; done');
    await terminal.seen(/ended with 0/);
    expect(terminal.text()).not.toMatch(/EPIPE|Error/);
    enter('lunch nanna <&- | head -1; lunch nanna >/dev/null 2>&-; env -u TERM lunch nanna | head -1');
    await terminal.seen(/Nanna Svartz · Solna\n(.*\n)*.*Nanna Svartz · Solna\nended with 0/);
  }, 20_000);
});

/** Tab is pressed after each, and then x: a word that is complete has a space behind it. */
const TYPED: ReadonlyArray<readonly [before: string, after: RegExp]> = [
  ['lunch nann', /lunch nanna x/],
  ['lunch comp', /lunch completion x/],
  ['lunch find lax --reg', /lunch find lax --region x/],
  ['lunch find lax --region upp', /lunch find lax --region uppsala x/],
  ['lunch config set col', /lunch config set color x/],
  ['lunch help exi', /lunch help exit-codes x/],
];

const SHELLS: ReadonlyArray<readonly [shell: string, command: string, load: string]> = [
  ['bash', 'bash --norc', 'eval "$(lunch completion bash)"'],
  ['zsh', 'zsh -f', 'autoload -U compinit; compinit -u; eval "$(lunch completion zsh)"'],
  ['fish', 'fish --no-config', 'lunch completion fish | source'],
];

for (const [shell, command, load] of SHELLS) {
  describeWith(shell, `Tab in ${shell}`, () => {
    describeWith('tmux', 'on a terminal', (tmux) => {
      it('completes commands, options, regions and restaurants without the network', async () => {
        const offline = { ...environment, LUNCH_RELAY_URL: 'http://127.0.0.1:1' };
        const terminal = openTerminal(tmux, { columns: 100, rows: 40, environment: offline, shell: command });
        try {
          terminal.type(`${load}; echo rea""dy`, 'Enter');
          await terminal.seen(/^ready/m);
          for (const [before, after] of TYPED) {
            terminal.type(before, 'Tab', 'x');
            await terminal.seen(after, 10_000);
            terminal.type('C-u');
          }
          // what is no candidate completes to nothing, and is no error
          terminal.type('lunch xyzz', 'Tab', 'y; echo do""ne', 'Enter');
          await terminal.seen(/^done/m);
        } finally {
          terminal.close();
        }
      }, 60_000);
    });
  });
}

it('prints scripts and installs nothing', () => {
  for (const [shell] of SHELLS) {
    const script = execFileSync(path.join(home, 'lunch'), ['completion', shell], {
      env: { ...process.env, ...environment },
    });
    expect(String(script)).toContain('lunch completion');
  }
  expect(() => readFileSync(path.join(home, '.bashrc'))).toThrow('ENOENT');
});

/** The demo on a real terminal. */
import { afterEach, expect, it } from '@jest/globals';
import { describeWith } from './programs.ts';
import { openTerminal, type Terminal } from './tmux.ts';

describeWith('tmux', 'the demo on a terminal', (tmux) => {
  let terminal: Terminal;
  afterEach(() => terminal.close());

  it('shows dishes in colour, serves on, and ends on Ctrl-C with exit status 0', async () => {
    terminal = openTerminal(tmux, { columns: 120, rows: 80 });
    terminal.type('npx -y pnpm@12 demo', 'Enter');
    await terminal.seen(/Ctrl-C stops both\./, 45_000);
    expect(terminal.screen()).toContain('\u001b[1mRestaurang Nanna Svartz');
    terminal.type('C-c');
    // waits in the terminal until the shell has it back
    terminal.type('echo ended with $?', 'Enter');
    await terminal.seen(/ended with \d/);
    expect(terminal.screen()).toMatch(/ended with (?:0|130)\b/);
  }, 60_000);
});

/** The demo on a real terminal. */
import { execFileSync } from 'node:child_process';
import { afterEach, expect, it } from '@jest/globals';
import { describeWith } from './programs.ts';

describeWith('tmux', 'the demo on a terminal', (tmux) => {
  const session = `lunch-relay-${process.pid}`;
  const run = (...words: string[]) => execFileSync(tmux, words, { encoding: 'utf8' });
  const screen = () => run('capture-pane', '-p', '-e', '-t', session);
  const seen = async (text: RegExp) => {
    while (!text.test(screen())) await new Promise((resolve) => setTimeout(resolve, 50));
  };
  afterEach(() => {
    run('kill-session', '-t', session);
  });

  it('shows dishes in colour, serves on, and ends on Ctrl-C with exit status 0', async () => {
    run('new-session', '-d', '-s', session, '-x', '120', '-y', '80', 'sh');
    run('send-keys', '-t', session, 'npx -y pnpm@12 demo', 'Enter');
    await seen(/Ctrl-C stops both\./);
    expect(screen()).toContain('\u001b[1mRestaurang Nanna Svartz');
    run('send-keys', '-t', session, 'C-c');
    // waits in the terminal until the shell has it back
    run('send-keys', '-t', session, 'echo ended with $?', 'Enter');
    await seen(/ended with \d/);
    expect(screen()).toMatch(/ended with (?:0|130)\b/);
  }, 60_000);
});

/** A real terminal with a shell in it, to type into and to look at. */
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';

export interface Terminal {
  /** Keys as tmux names them; other words are typed as they are. */
  readonly type: (...keys: string[]) => void;
  /** What is to be seen, with its colours. */
  readonly screen: () => string;
  /** What is to be seen, without. */
  readonly text: () => string;
  /** Of the pane: `cursor_flag` is 1 while the cursor is visible. */
  readonly ask: (format: string) => string;
  readonly resize: (columns: number, rows: number) => void;
  /** Rejects with what is to be seen if it does not come in time, ten seconds unless given. */
  readonly seen: (text: RegExp, withinMs?: number) => Promise<void>;
  readonly close: () => void;
}

interface TerminalOptions {
  readonly columns: number;
  readonly rows: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** Default: `sh`. */
  readonly shell?: string;
}

export function openTerminal(tmux: string, options: TerminalOptions): Terminal {
  const { columns, rows, environment = {}, shell = 'sh' } = options;
  const session = `lunch-${randomUUID()}`;
  const run = (...words: string[]) => execFileSync(tmux, words, { encoding: 'utf8' });
  const variables = Object.entries(environment).map(([name, value]) => `${name}='${value}'`);
  // not by tmux's own -e: what it starts the shell with may set PATH anew
  const command = ['exec env', ...variables, shell].join(' ');
  run('new-session', '-d', '-s', session, '-x', String(columns), '-y', String(rows), command);
  const text = () => run('capture-pane', '-p', '-t', session);
  return {
    type: (...keys) => void run('send-keys', '-t', session, ...keys),
    screen: () => run('capture-pane', '-p', '-e', '-t', session),
    text,
    ask: (format) => run('display-message', '-p', '-t', session, `#{${format}}`).trim(),
    resize: (width, height) => void run('resize-window', '-t', session, '-x', String(width), '-y', String(height)),
    async seen(wanted, withinMs = 10_000) {
      const until = Date.now() + withinMs;
      while (!wanted.test(text())) {
        if (Date.now() > until) throw new Error(`${wanted} is not to be seen:\n${text()}`);
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
    },
    close: () => void run('kill-session', '-t', session),
  };
}

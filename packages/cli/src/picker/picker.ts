/**
 * Choosing a restaurant by typing. On the alternate screen, which is drawn anew for every key and every change of its size,
 * and leaves nothing behind.
 */
import { emitKeypressEvents } from 'node:readline';
import { CommandError, ExitCode } from '../exitCodes.ts';
import type { Io } from '../io.ts';
import type { Look } from '../output/cards.ts';
import type { Measure } from '../output/layout.ts';
import type { Listed } from '../relay/answers.ts';
import type { Session } from '../session.ts';
import { type Key, press } from './keys.ts';
import { matching, type PickerLine, type PickerState, PROMPT, viewOf } from './view.ts';

const ENTER_SCREEN = '\u001b[?1049h';
const LEAVE_SCREEN = '\u001b[?1049l\u001b[?25h';

/** After Escape alone; what comes sooner belongs to it, as the rest of an arrow key. */
const ESCAPE_WAITS_MS = 50;

/** Undefined when the user left with Esc. Throws CommandError (130) for Ctrl-C. Needs a terminal. */
export async function pickRestaurant(restaurants: readonly Listed[], session: Session): Promise<Listed | undefined> {
  const { io } = session;
  const look = session.look();
  // whatever may be typed, too
  const { default: stringWidth } = await import('string-width');
  const measure: Measure = stringWidth;
  let state: PickerState = { query: '', selected: 0 };
  const draw = () => {
    const { columns, rows } = io.stdout;
    const frame = { columns: columns || 80, rows: rows || 24, measure };
    io.stdout.write(screenOf(viewOf(restaurants, state, frame), look, PROMPT + state.query, frame));
  };
  const close = openScreen(io, draw);
  try {
    draw();
    for await (const { character, key } of keys(io)) {
      const matches = matching(restaurants, state.query);
      const outcome = press(state, matches.length, character, key);
      if (outcome.kind === 'left') return undefined;
      if (outcome.kind === 'interrupted') throw new CommandError('', ExitCode.interrupted);
      if (outcome.kind === 'picked') return matches[state.selected];
      state = outcome.state;
      draw();
    }
    return undefined;
  } finally {
    close();
  }
}

/** Gives the function that puts the terminal back as it was. */
function openScreen({ stdin, stdout, whenInterrupted }: Io, draw: () => void): () => void {
  stdin.setRawMode?.(true);
  stdout.write(ENTER_SCREEN);
  stdout.on('resize', draw);
  const restore = () => {
    stdout.off('resize', draw);
    stdout.write(LEAVE_SCREEN);
    stdin.setRawMode?.(false);
    stdin.pause();
  };
  const forget = whenInterrupted(restore);
  return () => {
    forget();
    restore();
  };
}

/** The keys as they are pressed, until standard input ends. */
async function* keys({ stdin }: Io): AsyncGenerator<{ character: string | undefined; key: Key }> {
  const pressed: Array<{ character: string | undefined; key: Key }> = [];
  let wake = () => {};
  let isOver = false;
  const onKey = (character: string | undefined, key: Key) => {
    pressed.push({ character, key });
    wake();
  };
  const onEnd = () => {
    isOver = true;
    wake();
  };
  // the second parameter is an interface of node:readline, of which only this is read
  emitKeypressEvents(stdin, { escapeCodeTimeout: ESCAPE_WAITS_MS } as unknown as Parameters<
    typeof emitKeypressEvents
  >[1]);
  stdin.on('keypress', onKey).on('end', onEnd).on('error', onEnd).resume();
  try {
    while (!isOver || pressed.length > 0) {
      const next = pressed.shift();
      if (next) yield next;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    stdin.off('keypress', onKey).off('end', onEnd).off('error', onEnd);
  }
}

/** The whole screen, and the cursor behind what was typed. */
function screenOf(
  lines: readonly PickerLine[],
  { chalk }: Look,
  typed: string,
  frame: { columns: number; measure: Measure },
) {
  const styles = { query: chalk.bold, selected: chalk.cyan, other: (text: string) => text, hint: chalk.dim };
  const text = lines.map(({ kind, text: line }) => styles[kind](line)).join('\r\n');
  const column = Math.min(frame.columns, frame.measure(typed) + 1);
  return `\u001b[2J\u001b[H${text}\u001b[1;${column}H`;
}

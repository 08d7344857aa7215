/** Says on a terminal that something takes long. */
import type { Io } from '../io.ts';

/** A spinner that comes and goes at once is worse than none. */
const SPINNER_AFTER_MS = 300;

/** An empty line, and the cursor that ora hides. */
const RESTORE_LINE = '\r\u001b[K\u001b[?25h';

/** Gives the function that takes the spinner away again, where one has come. */
export function startSpinner(
  { stderr, environment, whenInterrupted }: Io,
  text: string,
  colour: boolean,
): () => Promise<void> {
  if (stderr.isTTY !== true || environment['TERM'] === 'dumb') return async () => {};
  let spinning: Promise<{ stop(): unknown }> | undefined;
  const timer = setTimeout(() => {
    spinning = import('ora').then(({ default: ora }) =>
      ora({
        text,
        stream: stderr,
        isEnabled: true,
        // ora takes over standard input unless told not to, and Ctrl-C would then not end the program
        discardStdin: false,
        color: colour && 'cyan',
      }).start(),
    );
  }, SPINNER_AFTER_MS);
  const forget = whenInterrupted(() => spinning && stderr.write(RESTORE_LINE));
  return async () => {
    clearTimeout(timer);
    (await spinning)?.stop();
    forget();
  };
}

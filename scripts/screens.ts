/** The screens and pictures of the README: what `lunch` really prints, over a simulated upstream on a Monday at eleven. */
import { createUser } from '../packages/cli/test/support/lunch.ts';
import { startTestRelay } from '../packages/server/test/support/relay.ts';
import { terminalPicture } from './terminalPicture.ts';

/** The blocks that begin with a `$ lunch` line and follow the marker. */
const SCREEN = /(<!-- screen -->\n\n```console\n)([\s\S]*?)(```)/g;
const COMMAND = /^\$ lunch ?(.*)$/gm;

/** The pictures whose title is a `$ lunch` line. */
const PICTURE = /!\[[^\]]+\]\((\S+\.svg) "\$ lunch ?([^"]*)"\)/g;

/** Narrower than the column of text on GitHub, so that nothing is made smaller. */
const COLUMNS = 90;

type User = ReturnType<typeof createUser>;

export interface Screens {
  /** The text with its screens made anew; the commands stand in the screens themselves. */
  readonly text: string;
  /** The pictures that it shows, by path. */
  readonly pictures: ReadonlyMap<string, string>;
}

export async function screensOf(text: string): Promise<Screens> {
  const test = await startTestRelay();
  const user = createUser(() => test.relay.url);
  try {
    return { text: await withScreens(text, user), pictures: await picturesOf(text, user) };
  } finally {
    user.leave();
    await test.close();
  }
}

async function withScreens(text: string, user: User): Promise<string> {
  const screens = new Map<string, string>();
  for (const [, , screen = ''] of text.matchAll(SCREEN)) {
    let made = '';
    for (const [line, words = ''] of screen.matchAll(COMMAND)) {
      const { stdout, stderr } = await user.lunch(words);
      made += `${made === '' ? '' : '\n'}${line}\n${stdout}${stderr}`;
    }
    screens.set(screen, made);
  }
  return text.replace(
    SCREEN,
    (_, before: string, screen: string, after: string) => before + screens.get(screen) + after,
  );
}

async function picturesOf(text: string, user: User): Promise<Map<string, string>> {
  // a terminal that follows links; a spinner would come or not, as fast as the machine is
  const terminal = { isTTY: true, isErrorTTY: false, columns: COLUMNS, environment: { TERM: 'xterm-kitty' } };
  const pictures = new Map<string, string>();
  for (const [, path = '', words = ''] of text.matchAll(PICTURE)) {
    const { stdout, stderr } = await user.lunch(words, terminal);
    pictures.set(path, await terminalPicture(`lunch ${words}`, stdout + stderr, COLUMNS));
  }
  return pictures;
}

/** The screens of the README: what `lunch` really prints, over a simulated upstream on a Monday at eleven. */
import { createUser } from '../packages/cli/test/support/lunch.ts';
import { startTestRelay } from '../packages/server/test/support/relay.ts';

/** The blocks that begin with a `$ lunch` line and follow the marker. */
const SCREEN = /(<!-- screen -->\n\n```console\n)([\s\S]*?)(```)/g;
const COMMAND = /^\$ lunch ?(.*)$/gm;

/** The text with its screens made anew; the commands stand in the screens themselves. */
export async function withScreens(text: string): Promise<string> {
  const test = await startTestRelay();
  const user = createUser(() => test.relay.url);
  try {
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
  } finally {
    user.leave();
    await test.close();
  }
}

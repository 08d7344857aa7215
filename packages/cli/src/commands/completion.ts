/** `lunch completion <shell>`: prints a script. Installs nothing. */
import { SCRIPTS } from '../completion/scripts.ts';
import { CommandError, ExitCode } from '../exitCodes.ts';
import type { Session } from '../session.ts';

/** Throws CommandError (2) for a shell that is not known. */
export function showCompletion(session: Session, shell: string): void {
  const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
  if (script === undefined) {
    throw new CommandError(`no completion for "${shell}", only for bash, zsh and fish`, ExitCode.usage);
  }
  session.print(script);
}

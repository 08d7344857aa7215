/** `lunch help [topic]`: the help of a command, or a page that belongs to none. */
import type { Command } from 'commander';
import { CommandError, ExitCode } from '../exitCodes.ts';
import { HELP_TOPICS } from '../help.ts';
import { hintAt } from '../names.ts';
import type { Session } from '../session.ts';

/** Throws CommandError (2) for a topic that is none. */
export function showHelp(session: Session, program: Command, words: readonly string[]): void {
  const [first = ''] = words;
  const topic = words.length === 1 && Object.hasOwn(HELP_TOPICS, first) ? HELP_TOPICS[first] : undefined;
  if (topic === undefined) commandNamed(program, words).outputHelp();
  else session.print(topic);
}

function commandNamed(program: Command, words: readonly string[]): Command {
  return words.reduce((command, word) => {
    const next = command.commands.find((candidate) => candidate.name() === word);
    if (next === undefined) throw unknownTopic(word, command);
    return next;
  }, program);
}

function unknownTopic(word: string, command: Command): CommandError {
  const topics = [...command.commands.map((inner) => inner.name()), ...Object.keys(HELP_TOPICS)];
  return new CommandError(`there is no help on "${word}". ${hintAt(word, topics)}`, ExitCode.usage);
}

/** What may stand where the user presses Tab. From the command tree itself and from the disk: nobody is asked. */
import type { Command } from 'commander';
import { quietly } from '../disk/files.ts';
import { readFavourites } from '../disk/settingsFile.ts';
import { foldText } from '../fold.ts';
import { HELP_TOPICS } from '../help.ts';
import { regionsOf } from '../names.ts';
import { COLOUR_SETTINGS } from '../output/appearance.ts';
import { safe } from '../output/safe.ts';
import type { Session } from '../session.ts';
import { SETTING_NAMES } from '../settings.ts';
import { SCRIPTS } from './scripts.ts';

interface Candidate {
  readonly value: string;
  readonly description: string;
}

/** Lines of value, tab, description. The last of the words is the one to be completed, as far as it is written. */
export function complete(program: Command, words: readonly string[], session: Session): string {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const folded = foldText(current);
  return candidates(program, before, current, session)
    .filter(({ value }) => foldText(value).startsWith(folded) && isPlainWord(value))
    .map(({ value, description }) => `${value}\t${safe(description)}\n`)
    .join('');
}

/** What the shell would take for more than a word is not offered: identifiers come over the network. */
const isPlainWord = (value: string) => /^[-\p{L}\p{N}_.]+$/u.test(value);

function candidates(program: Command, before: readonly string[], current: string, session: Session): Candidate[] {
  const { command, operands, openOption } = walk(program, before);
  if (openOption !== undefined) return openOption === '--region' ? regions(session) : [];
  if (current.startsWith('-')) return optionsOf(program, command);
  const commands = operands.length === 0 ? commandsOf(command) : [];
  return [...commands, ...operandsOf(command, operands, program, session)];
}

/** The command that the words lead to, its operands so far, and the option whose value comes next. */
function walk(program: Command, before: readonly string[]) {
  let command = program;
  let operands: string[] = [];
  let openOption: string | undefined;
  for (const word of before) {
    if (openOption !== undefined) {
      openOption = undefined;
      continue;
    }
    if (word.startsWith('-')) {
      const option = [...command.options, ...program.options].find(
        ({ long, short }) => word === long || word === short,
      );
      openOption = option?.required ? (option.long ?? word) : undefined;
      continue;
    }
    const next = operands.length === 0 ? command.commands.find((candidate) => candidate.name() === word) : undefined;
    if (next) command = next;
    else operands = [...operands, word];
  }
  return { command, operands, openOption };
}

const commandsOf = (command: Command): Candidate[] =>
  command.commands.map((inner) => ({ value: inner.name(), description: inner.summary() || inner.description() }));

function optionsOf(program: Command, command: Command): Candidate[] {
  const options = [...new Set([...command.options, ...program.options])];
  const help = { long: '--help', description: 'show help' };
  return [...options, help].map(({ long, description }) => ({ value: long ?? '', description }));
}

function operandsOf(command: Command, operands: readonly string[], program: Command, session: Session): Candidate[] {
  const [first] = operands;
  switch (command === program ? 'lunch' : fullName(command)) {
    case 'lunch':
    case 'fav add':
      return [...restaurants(session), ...regions(session)];
    case 'open':
      return first === undefined ? restaurants(session) : [];
    case 'random':
      return first === undefined ? regions(session) : [];
    case 'fav remove':
      return named(quietly(() => readFavourites(session.io)) ?? [], 'favourite');
    case 'config get':
    case 'config unset':
      return first === undefined ? named(SETTING_NAMES, 'setting') : [];
    case 'config set':
      if (first === undefined) return named(SETTING_NAMES, 'setting');
      return first === 'color' && operands.length === 1 ? named(COLOUR_SETTINGS, 'value') : [];
    case 'completion':
      return first === undefined ? named(Object.keys(SCRIPTS), 'shell') : [];
    case 'help':
      return first === undefined ? [...commandsOf(program), ...named(Object.keys(HELP_TOPICS), 'topic')] : [];
    default:
      return [];
  }
}

const fullName = (command: Command): string =>
  command.parent?.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();

const listing = ({ cache }: Session) => cache.list()?.restaurants ?? [];

const restaurants = (session: Session): Candidate[] =>
  listing(session).map(({ identifier, name, region }) => ({ value: identifier, description: `${name}, ${region}` }));

const regions = (session: Session): Candidate[] => named(regionsOf(listing(session)).map(foldText), 'region');

const named = (values: readonly string[], description: string): Candidate[] =>
  values.map((value) => ({ value, description }));

/** The command line: what can be written, and which command it starts. Commands are loaded when they are needed. */
import { Command, CommanderError, Option, type OutputConfiguration } from 'commander';
import { CommandError, ExitCode } from './exitCodes.ts';
import { examplesOf, HELP_TOPICS } from './help.ts';
import type { Io, Output } from './io.ts';
import type { Flags, Session } from './session.ts';
import { tell } from './tell.ts';
import { VERSION } from './version.ts';

/** What a command line starts, given the commands. */
type Start = (command: (commands: Commands, session: Session) => unknown) => Promise<void>;

type Commands = typeof import('./commands.ts');

/** Runs one command line and gives its exit status. Writes nothing but to the streams of `io`. Never rejects. */
export async function run(words: readonly string[], io: Io): Promise<ExitCode> {
  const program = createProgram(io);
  try {
    if (words[0] === '__complete') await completeWords(program, words.slice(1), io);
    else await program.parseAsync(words, { from: 'user' });
    return ExitCode.shown;
  } catch (error) {
    // commander has said what it had to: help, version, or what is wrong with the arguments
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.shown : ExitCode.usage;
    const isExpected = error instanceof CommandError;
    const message = isExpected ? error.message : `this should not happen: ${messageOf(error)}`;
    if (message !== '') tell(io, message);
    return isExpected ? error.exitCode : ExitCode.fault;
  }
}

/** Before commander sees them: words that are only half written are no mistakes. */
async function completeWords(program: Command, words: readonly string[], io: Io): Promise<void> {
  const { complete, createSession } = await import('./commands.ts');
  io.stdout.write(complete(program, words, createSession(io, {})));
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function createProgram(io: Io): Command {
  const program = new Command('lunch')
    .description('Today’s lunch on the SciLifeLab campuses, and where to go for it.')
    .argument('[restaurant...]', 'restaurants and regions: identifiers, names, or their beginnings')
    .version(VERSION, '--version', 'show the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput(outputTo(io))
    .showHelpAfterError('(lunch --help shows what can be written)')
    .exitOverride();
  for (const option of globalOptions()) program.addOption(option);
  program.hook('preAction', (_, command) => {
    if (program.opts<Flags>().json) refuseWithoutDocument(command);
  });
  const start: Start = async (command) => {
    const commands = await import('./commands.ts');
    await command(commands, commands.createSession(io, program.opts<Flags>()));
  };
  program.action((words: string[]) =>
    start((commands, session) => {
      if (words.length === 0) return commands.showHome(session);
      const names = program.commands.map((command) => command.name());
      return commands.showRestaurants(session, words, names);
    }),
  );
  addFinding(program, start);
  addKeeping(program, start);
  addExplaining(program, start);
  for (const command of [program, ...program.commands]) {
    command.addHelpText('before', examplesOf(command === program ? '' : command.name()));
  }
  return program.addHelpText(
    'after',
    `\nMore: ${Object.keys(HELP_TOPICS)
      .map((topic) => `lunch help ${topic}`)
      .join(', ')}`,
  );
}

/** By their last word: the commands that have a document to print. */
const WITH_DOCUMENT = ['lunch', 'find', 'list', 'random', 'get'];

/** Throws CommandError (2): whoever asked for JSON reads nothing else. */
function refuseWithoutDocument(command: Command): void {
  if (WITH_DOCUMENT.includes(command.name())) return;
  const name = `${command.parent?.parent ? `${command.parent.name()} ` : ''}${command.name()}`;
  throw new CommandError(`"lunch ${name}" prints no JSON; leave out --json`, ExitCode.usage);
}

const outputTo = ({ stdout, stderr }: Io): OutputConfiguration => ({
  writeOut: (text) => stdout.write(text),
  writeErr: (text) => stderr.write(text),
  outputError: (text, write) => write(text.replace(/^error: /, 'lunch: ')),
  getOutHelpWidth: () => helpWidth(stdout),
  getErrHelpWidth: () => helpWidth(stderr),
  getOutHasColors: () => false,
  getErrHasColors: () => false,
});

const helpWidth = ({ columns }: Output) => Math.max(60, columns || 80);

function globalOptions(): Option[] {
  return [
    new Option('--json', 'print one JSON document (lunch help output)').conflicts('plain'),
    new Option('--plain', 'print one dish a line, fields separated by tabs'),
    new Option('--relay <url>', 'where the relay is (LUNCH_RELAY_URL; default http://localhost:8080)'),
    new Option('--timeout <seconds>', 'how long the answer may take (LUNCH_TIMEOUT; default 15)'),
    new Option('--no-color', 'no colours, no links'),
  ];
}

const region = () => new Option('--region <region>', 'only this region: solna (ki) or uppsala (bmc)');

/** Commands that show something to eat. */
function addFinding(program: Command, start: Start): void {
  program
    .command('find')
    .description('who serves a dish today, and where')
    .argument('<words...>', 'words of the dish; case and diacritics do not matter')
    .addOption(region())
    .action((words: string[], options: { region?: string }) =>
      start((commands, session) => commands.findDishes(session, words, options)),
    );
  program
    .command('list')
    .description('all restaurants and their identifiers')
    .addOption(region())
    .action((options: { region?: string }) => start((commands, session) => commands.listRestaurants(session, options)));
  program
    .command('random')
    .description('a restaurant that serves dishes today, by chance')
    .argument('[region]', 'solna (ki) or uppsala (bmc)')
    .addOption(region())
    .action((word: string | undefined, options: { region?: string }) =>
      start((commands, session) => commands.showRandom(session, word, options)),
    );
  program
    .command('open')
    .description('a restaurant on the map, or its website, in the browser')
    .argument('<restaurant...>', 'identifier, name, or its beginning')
    .option('--map', 'the place on the map (this is the default)')
    .addOption(new Option('--website', 'its website').conflicts('map'))
    .option('--no-browser', 'only print the URL')
    .action((words: string[], options: { website?: boolean; browser?: boolean }) =>
      start((commands, session) => commands.openRestaurant(session, words, options)),
    );
}

/** Commands for what is kept: favourites and settings. */
function addKeeping(program: Command, start: Start): void {
  const fav = program.command('fav').description('your favourites, which "lunch" alone shows').helpCommand(false);
  fav
    .command('add')
    .description('add restaurants')
    .argument('<restaurant...>')
    .action((words: string[]) => start((commands, session) => commands.addFavourites(session, words)));
  fav
    .command('remove')
    .description('remove restaurants')
    .argument('<restaurant...>')
    .action((words: string[]) => start((commands, session) => commands.removeFavourites(session, words)));
  fav
    .command('list')
    .description('show them')
    .action(() => start((commands, session) => commands.listFavourites(session)));
  const config = program.command('config').description('settings: relay, timeout, color').helpCommand(false);
  config
    .command('get')
    .description('the value that counts; of all without a name')
    .argument('[name]')
    .action((name?: string) => start((commands, session) => commands.getSetting(session, name)));
  config
    .command('set')
    .description('keep a value')
    .argument('<name>')
    .argument('<value>')
    .action((name: string, value: string) => start((commands, session) => commands.setSetting(session, name, value)));
  config
    .command('unset')
    .description('back to the default')
    .argument('<name>')
    .action((name: string) => start((commands, session) => commands.unsetSetting(session, name)));
  config
    .command('path')
    .description('where they are kept')
    .action(() => start((commands, session) => commands.showConfigPath(session)));
}

function addExplaining(program: Command, start: Start): void {
  program
    .command('completion')
    .description('print a completion script')
    .argument('<shell>', 'bash, zsh or fish')
    .action((shell: string) => start((commands, session) => commands.showCompletion(session, shell)));
  program
    .command('help')
    .description('help on a command, exit-codes, environment or output')
    .argument('[topic...]')
    .action((words: string[]) => start((commands, session) => commands.showHelp(session, program, words)));
}

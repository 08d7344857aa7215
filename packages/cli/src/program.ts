/** The command line: what can be written, and which command it starts. Commands are loaded when they are needed. */
import { Command, CommanderError } from 'commander';
import { CommandError, ExitCode } from './exitCodes.ts';
import type { Io } from './io.ts';

const DEFAULT_RELAY_URL = 'http://localhost:8080';

const EXAMPLES = `Examples:
  $ lunch nanna            what Restaurang Nanna Svartz serves today, and where it is
  $ lunch nanna jons       two restaurants
  $ lunch find lax         who serves salmon today
  $ lunch                  all restaurants and their identifiers

`;

/** Runs one command line and gives its exit status. Writes nothing but to the streams of `io`. */
export async function run(words: readonly string[], io: Io): Promise<ExitCode> {
  try {
    await createProgram(io).parseAsync(words, { from: 'user' });
    return ExitCode.shown;
  } catch (error) {
    // commander has said what it had to: help, version, or what is wrong with the arguments
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.shown : ExitCode.usage;
    const { message, exitCode } =
      error instanceof CommandError ? error : { message: (error as Error).message, exitCode: ExitCode.fault };
    io.stderr.write(`lunch: ${message}\n`);
    return exitCode;
  }
}

function createProgram(io: Io): Command {
  const program = new Command('lunch')
    .description('Today’s lunch on the SciLifeLab campuses, and where to go for it.')
    .argument('[restaurant...]', 'identifiers of restaurants, such as nanna; none: list all restaurants')
    .option('--relay <url>', `where the relay is (environment: LUNCH_RELAY_URL; default: ${DEFAULT_RELAY_URL})`)
    .addHelpText('before', EXAMPLES)
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .showHelpAfterError('(lunch --help shows what can be written)')
    .exitOverride();
  const openRelay = async () => {
    const url = program.opts<{ relay?: string }>().relay || io.environment['LUNCH_RELAY_URL'] || DEFAULT_RELAY_URL;
    return (await import('./relay.ts')).openRelay(url, io);
  };
  program.action(async (restaurants: string[]) => {
    if (restaurants.length > 0) {
      const { showRestaurants } = await import('./commands/show.ts');
      await showRestaurants(await openRelay(), restaurants, io);
    } else {
      const { listRestaurants } = await import('./commands/list.ts');
      await listRestaurants(await openRelay(), io);
    }
  });
  program
    .command('find')
    .description('who serves a dish today, and where')
    .argument('<words...>', 'words of the dish; case and diacritics do not matter')
    .action(async (words: string[]) => {
      const { findDishes } = await import('./commands/find.ts');
      await findDishes(await openRelay(), words, io);
    });
  return program;
}

/** Environment, configuration, relay, signals, exit status. The only file that touches `process`. */
import { ConfigError, parseConfig } from './config.ts';
import { ListenError } from './operations/listener.ts';
import { startRelay } from './relay-server.ts';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

async function main(): Promise<void> {
  // started on an older Node (a failed install leaves the system's), the types cannot even be stripped in all places
  if (major < 24 || (major === 24 && minor < 18))
    throw new ConfigError([`Node ${process.versions.node} is too old: 24.18 or newer is needed`]);
  if (process.argv.length > 2) {
    throw new ConfigError([
      `${process.argv[2]}: no arguments are taken; settings are environment variables, such as PORT=9000`,
    ]);
  }
  const relay = await startRelay(parseConfig(process.env));
  void relay.checkUpstream();
  let isStopping = false;
  const stop = () => {
    if (isStopping) process.exit(1); // asked again: at once
    isStopping = true;
    void relay.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
}

main().catch((error: unknown) => {
  // what the user can mend is told in plain words, anything else with its stack
  const isExpected = error instanceof ConfigError || error instanceof ListenError;
  process.stderr.write(`${isExpected ? error.message : ((error as Error).stack ?? String(error))}\n`);
  process.exitCode = 1;
});

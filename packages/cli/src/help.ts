/** What `--help` and `lunch help` say beside what commander knows by itself. The examples are run by a test. */
import { EXIT_CODE_MEANINGS } from './exitCodes.ts';

type Example = readonly [commandLine: string, meaning: string];

/** By command; the empty name is `lunch` itself. */
const EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  '': [
    ['lunch nanna', 'what Restaurang Nanna Svartz serves today, and where it is'],
    ['lunch nanna jons', 'two restaurants'],
    ['lunch solna', 'a whole region (also: ki, uppsala, bmc)'],
    ['lunch find lax', 'who serves salmon today, and where'],
    ['lunch random', 'one of those that serve today, for who cannot agree'],
    ['lunch', 'your favourites; without any, a list to pick from'],
  ],
  find: [
    ['lunch find lax', 'who serves salmon today, and where'],
    ['lunch find kottbullar --region ki', 'letters as on any keyboard; only Solna'],
    ['lunch find vegan --plain | cut -f1,7', 'for other programs'],
  ],
  list: [
    ['lunch list', 'all restaurants and their identifiers'],
    ['lunch list --region uppsala', 'those of one region'],
  ],
  random: [
    ['lunch random', 'any restaurant that serves today'],
    ['lunch random ki', 'one in Solna'],
  ],
  open: [
    ['lunch open nanna', 'the place on the map, in the browser'],
    ['lunch open nanna --website', 'its website'],
    ['lunch open nanna --no-browser', 'only print the URL'],
  ],
  fav: [
    ['lunch fav add nanna jons', 'what "lunch" alone shows from now on'],
    ['lunch fav list', 'which these are'],
    ['lunch fav remove jons', 'not this one any more'],
  ],
  config: [
    ['lunch config set relay http://lunch.example:8080', 'where the relay is, for good'],
    ['lunch config get', 'every setting, and where it is from'],
    ['lunch config unset relay', 'back to the default'],
    ['lunch config path', 'where they are kept'],
  ],
  completion: [
    ['eval "$(lunch completion bash)"', 'in ~/.bashrc'],
    ['eval "$(lunch completion zsh)"', 'in ~/.zshrc, after compinit'],
    ['lunch completion fish | source', 'in ~/.config/fish/config.fish'],
  ],
};

/** With an empty line at the end; empty for a command without. */
export function examplesOf(command: string): string {
  const examples = EXAMPLES[command] ?? [];
  if (examples.length === 0) return '';
  const width = Math.max(...examples.map(([line]) => line.length));
  return `Examples:\n${examples.map(([line, meaning]) => `  $ ${line.padEnd(width)}  ${meaning}`).join('\n')}\n`;
}

const exitCodes = `How lunch ends, for scripts:

${EXIT_CODE_MEANINGS.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`).join('\n')}

Where some of several restaurants fail, the others are shown, what failed is
told on standard error, and the status is 0.
`;

const environment = `Variables that lunch reads. A flag goes before its variable, the variable
before the configuration file ("lunch config path"), the file before the default.

  LUNCH_RELAY_URL    where the relay is; default http://localhost:8080
  LUNCH_TIMEOUT      how many seconds the answer may take; default 15
  LUNCH_COLOR        auto, always or never; default auto
  LUNCH_BROWSER      the program that "lunch open" starts; %s in its arguments
                     is the URL, which else comes last
  BROWSER            several of them with ":" between, tried in turn; without
                     either what the system has

  NO_COLOR           set: no colours, whatever else is said
  FORCE_COLOR        set: colours also in a pipe; 0: none
  FORCE_HYPERLINK    1: links (OSC 8) for terminals that are not known; 0: URLs
  TERM               dumb: no colours, no spinner, no picker

  XDG_CONFIG_HOME    lunch/config.json, lunch/favourites.json are there;
                     default ~/.config (Windows: APPDATA)
  XDG_CACHE_HOME     lunch/restaurants.json, lunch/menus are there;
                     default ~/.cache (Windows: LOCALAPPDATA)

  HTTP_PROXY, HTTPS_PROXY, NO_PROXY
                     by way of which proxy the relay is asked; never one that
                     is on this machine (localhost, 127.0.0.1, [::1])
`;

const output = `What lunch prints, for people and for programs.

  (nothing)  cards; colours, links and wrapping on a terminal only
  --plain    lines of fields with a tab between them, one dish each:
             identifier, name, region, date, status, label, dish, diet, map, website
             "lunch list": identifier, name, region, menu or no_online_menu, map, website
  --json     one document with "schemaVersion" and "kind"; members are only added

Notices and faults go to standard error, whatever the form. A diet that ends in "?"
is a guess. All of it: docs/cli/output.md in the repository.
`;

export const HELP_TOPICS: Readonly<Record<string, string>> = { 'exit-codes': exitCodes, environment, output };

/** What the programs that are started here must not take over from the environment. */

/** For those whose words are read by a program: what a pipe gets, whatever the terminal or the CI around it asks for. */
export const PLAIN = { NO_COLOR: '1', FORCE_COLOR: undefined, FORCE_HYPERLINK: undefined };

/** For those that ask a relay on this machine: the proxy for the rest of the world does not lead there. */
export const UNPROXIED = { NO_PROXY: '*', no_proxy: '*' };

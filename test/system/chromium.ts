/** Arguments for a Chromium that talks to nobody but whom a test lets it. */
export const CLOSED_NETWORK = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
];

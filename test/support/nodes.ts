/** The Node.js versions that the published packages are tried on: the oldest that each promises, and the newest of each line. */

const NEWEST = ['22.23.3', '23.11.1', '24.21.0', '25.9.0', '26.10.0'];

/** `engines` of packages/sdk. */
export const SDK_NODES = ['20.0.0', '20.20.2', '21.7.3', '22.0.0', ...NEWEST];

/** `engines` of packages/cli. */
export const CLI_NODES = ['22.19.0', ...NEWEST];

/** The npm package of this platform's binary, which the package `node` would choose when it is installed. */
export const NODE_PACKAGE = `node-${process.platform}-${process.arch}`;

/** Below `node_modules`. */
export const NODE_BINARY = `${NODE_PACKAGE}/bin/node`;

/** Of this package, as in its package.json: a test compares them. */
export const VERSION = '0.1.0';

/** The oldest Node.js that `lunch` runs on, as in `engines`. */
export const OLDEST_NODE = '22.19';

/** Whether a version of Node.js, such as `22.19.0`, is older than that. */
export function isOldNode(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE.split('.').map(Number);
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}

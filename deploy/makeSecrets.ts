/**
 * Makes the secrets of docker-compose.yml when they are not there: a random password for Redis, in the two forms in which
 * Redis and the relay read it. Only containers that mount the volume can.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';

const URL_FILE = '/run/lunch-relay/redis-url';

if (!existsSync(URL_FILE)) {
  const password = randomBytes(24).toString('base64url');
  writeFileSync('/run/lunch-relay/redis.conf', `requirepass ${password}\n`);
  // last: whoever finds it finds the other too
  writeFileSync(URL_FILE, `redis://:${password}@redis:6379\n`);
}

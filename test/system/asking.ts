/** What the SDK is asked wherever it runs, as the text of a program, and what it then answers. */
import { expect } from '@jest/globals';
import type { TestRelay } from '../../packages/server/test/support/relay.ts';
import { until } from '../../packages/server/test/support/until.ts';

/** A program's first lines, behind the names that it has from the SDK: `askRelay` gives what is `ANSWERED`. */
export const ASKING = `
const kindOf = (call) => call.then(() => 'none', (error) => (isLunchError(error) ? error.kind : error));
async function askRelay(baseUrl) {
  const lunch = createLunchClient({ baseUrl });
  const cached = createLunchClient({ baseUrl, cache: createEtagCache(), appInfo: { name: 'service' } });
  await cached.listRestaurants();
  const { data, cache, ageMs } = await lunch.getRestaurant('nanna').withResponse();
  const arrived = [];
  for await (const { identifier } of lunch.iterateMenus({ restaurants: ['nanna', 'omni'] })) arrived.push(identifier);
  return {
    name: data.today.name, cache, ageMs,
    listed: (await cached.listRestaurants()).length,
    arrived: arrived.sort(),
    unknown: await kindOf(lunch.getRestaurant('nana')),
  };
}
`;

export const ANSWERED = {
  name: 'Restaurang Nanna Svartz',
  cache: expect.stringMatching(/^(hit|miss)$/) as unknown,
  ageMs: 0,
  listed: 18,
  arrived: ['nanna', 'omni'],
  unknown: 'not_found',
};

/** Gives what waits for so many further answers with the list, and tells their statuses. Preflights are none of them. */
export function watchLists({ logged }: TestRelay): (count: number) => Promise<unknown[]> {
  const lists = () => logged.filter(({ msg, route }) => msg === 'request' && route === 'listRestaurants');
  const earlier = lists().length;
  return async (count) => {
    await until(() => lists().length === earlier + count);
    return lists()
      .slice(earlier)
      .map(({ status }) => status);
  };
}

/** What a soak asks for that the cache can answer, whatever is broken, and how each kind of it is to be answered. */
import type { Kind, OpenLoopResult } from './load/openLoop.ts';
import { answerOf, fieldOf } from './replay.ts';

const NOT_MODIFIED = 'not modified';

export async function hitsOf(url: string): Promise<Kind[]> {
  // of the list: a menu says when it was fetched, so its tag is another one once the cache has been emptied
  const tag = fieldOf(await answerOf(`${url}/restaurant`), 'etag') ?? '';
  return [
    { name: 'typed', path: '/restaurant/nanna', weight: 50 },
    { name: NOT_MODIFIED, path: '/restaurant', fields: { 'If-None-Match': tag }, weight: 10 },
    { name: 'list', path: '/restaurant', weight: 5 },
    { name: 'menus', path: '/menus?region=solna', weight: 5 },
    { name: 'dishes', path: '/dishes?q=lax', weight: 5 },
    { name: 'raw', path: '/relay_anything/restaurant/elma', weight: 25 },
  ];
}

/** Whether each kind was answered as it is to be, and no other way. */
export function isAsWanted(statuses: OpenLoopResult['statuses']): boolean {
  return Object.entries(statuses).every(
    ([name, own]) => Object.keys(own).join() === (name === NOT_MODIFIED ? '304' : '200'),
  );
}

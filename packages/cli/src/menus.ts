/** Today's menus: from the relay, and where it gives none, the last answer of today on this machine's disk. */
import { CommandError, ExitCode, isUnreachable } from './exitCodes.ts';
import { isRecord, type Menu, toMenu } from './relay/answers.ts';
import type { Session } from './session.ts';

/** A restaurant of which nothing can be shown. */
export interface Failure {
  readonly identifier: string;
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

export interface Menus {
  readonly menus: readonly Menu[];
  readonly failures: readonly Failure[];
  /** What kept the relay from being asked, where what is shown is from disk for that reason. */
  readonly offline?: CommandError;
}

/** Those of the identifiers in their order, or of all. Throws CommandError where there is nothing, not even on disk. */
export async function loadMenus(session: Session, identifiers: readonly string[] | 'all'): Promise<Menus> {
  const { cache } = session;
  try {
    const restaurants = identifiers === 'all' ? undefined : identifiers;
    const relay = await session.relay();
    const answer = await relay.ask((client, options) => client.listMenus({ restaurants }, options));
    const menus = answer.menus.flatMap((menu) => toMenu(menu, false) ?? []);
    for (const menu of menus) cache.keepMenu(menu);
    return standIn(session, menus, answer.failures.flatMap(toFailure), restaurants ?? []);
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    const kept = identifiers === 'all' ? cache.menus() : identifiers.flatMap((name) => cache.menu(name) ?? []);
    if (kept.length === 0) throw error;
    const missing =
      identifiers === 'all' ? [] : identifiers.filter((name) => !kept.some((menu) => menu.identifier === name));
    return { menus: kept, failures: missing.map((name) => notKept(name)), offline: error };
  }
}

/** Menus on disk in place of those that failed, all in the order asked for. */
function standIn({ cache }: Session, menus: Menu[], failures: Failure[], order: readonly string[]): Menus {
  const answered = new Set([...menus, ...failures].map(({ identifier }) => identifier));
  const left = order.filter((identifier) => !answered.has(identifier)).map(notAnswered);
  const missing = [...failures, ...left];
  const kept = missing.flatMap(({ identifier }) => cache.menu(identifier) ?? []);
  const all = [...menus, ...kept];
  const place = ({ identifier }: Menu) => order.indexOf(identifier);
  return {
    menus: order.length > 0 ? all.sort((a, b) => place(a) - place(b)) : all,
    failures: missing.filter((failure) => !kept.some(({ identifier }) => identifier === failure.identifier)),
  };
}

const notAnswered = (identifier: string): Failure => ({
  identifier,
  name: identifier,
  code: 'not_answered',
  message: 'the relay answered nothing about it.',
});

const notKept = (identifier: string): Failure => ({
  identifier,
  name: identifier,
  code: 'not_kept',
  message: 'nothing is kept from today',
});

function toFailure(value: unknown): Failure[] {
  if (!isRecord(value)) return [];
  const { identifier, name, code, detail } = value;
  const [shown, title, reason, message] = [identifier, name, code, detail].map((part) =>
    typeof part === 'string' ? part : '',
  );
  return [{ identifier: shown ?? '', name: title ?? '', code: reason ?? '', message: message ?? '' }];
}

/** Why a menu that could be had has no dishes. */
const WITHOUT_DISHES = [
  ...['closed', 'no_online_menu', 'unknown'],
  ...['weekend', 'public_holiday', 'notice', 'not_yet_published'],
];

/** Whether what the relay says in place of dishes is the code of a failure: new ones may come, and must not pass for a menu. */
export const isFailureCode = (reason: string) => !WITHOUT_DISHES.includes(reason);

/** Codes of failures that are no fault of the API, and that waiting does not mend. */
const FAULTS = ['internal_error', 'not_answered'];

/** The error where nothing can be shown: a fault, or what a later call may do better. */
export function toFailureError(code: string, message: string): CommandError {
  return FAULTS.includes(code)
    ? new CommandError(message, ExitCode.fault)
    : new CommandError(`${message} Try again in a while.`, ExitCode.unreachable);
}

import { type Check, eachOf, type Found, found, onlyInProduction } from '../check.ts';
import type { KeyFact } from '../facts.ts';

const DAY_MS = 86_400_000;
const KEY_AGE_DAYS_MAX = 90;
const KEY_IDLE_DAYS_MAX = 30;
/** More than this many permissions on one key is more than one application needs. */
const PERMISSIONS_MAX = 6;
/** With these a key changes who may do what, or where secrets go. */
const MANAGING = ['keys:write', 'credentials:write', 'members:write', 'settings:write'];

export const keyChecks: readonly Check[] = [
  {
    name: 'broad-keys',
    area: 'privilege',
    title: 'No key may do more than one use needs.',
    why: 'A stolen key can do everything it was allowed to do.',
    needs: ['keys'],
    run: ({ keys = [] }) =>
      eachKey(
        keys.filter((key) => key.permissions.length > PERMISSIONS_MAX),
        (key) => `has ${key.permissions.length} permissions.`,
        () => 'Create one key for each use with the permissions that use needs.',
      ),
  },
  {
    name: 'managing-keys',
    area: 'privilege',
    title: 'Keys that manage others end one day, or work from known addresses alone.',
    why: 'Such a key makes others, and reaches what its project keeps: where it leaks, its power lasts.',
    needs: ['keys'],
    run: ({ keys = [] }) =>
      eachKey(
        keys.filter((key) => isManaging(key) && key.expiresAtMs === undefined && key.hasIpRanges !== true),
        ({ permissions }) =>
          `may do ${permissions.filter((each) => MANAGING.includes(each)).join(', ')}, from anywhere and for ever.`,
        () => 'Give it an end or a list of addresses, or let people do it who sign in.',
      ),
  },
  {
    name: 'lasting-keys',
    area: 'privilege',
    title: 'Every key ends one day.',
    why: 'A key without an end outlives the one who knew what it is for.',
    needs: ['keys'],
    run: (facts) =>
      onlyInProduction(facts, () => {
        const count = (facts.keys ?? []).filter(
          (key) => key.mode !== 'test' && key.expiresAtMs === undefined,
        ).length;
        if (count === 0) return [];
        const remedy = 'Create keys with --expires 90d, and rotate before.';
        return [found('notice', `${count} live ${count === 1 ? 'key has' : 'keys have'} no end.`, remedy)];
      }),
  },
  {
    name: 'old-keys',
    area: 'privilege',
    title: `No key is older than ${KEY_AGE_DAYS_MAX} days.`,
    why: 'The longer a key lives, the more places it has leaked to.',
    needs: ['keys'],
    run: ({ keys = [], nowMs }) =>
      eachKey(
        keys.filter((key) => nowMs - key.createdAtMs > KEY_AGE_DAYS_MAX * DAY_MS),
        () => `is older than ${KEY_AGE_DAYS_MAX} days.`,
        (key) => `${commandFor('rotate', key)}, and hand the new one out before the overlap ends.`,
      ),
  },
  {
    name: 'unused-keys',
    area: 'privilege',
    title: `Every key was used within ${KEY_IDLE_DAYS_MAX} days.`,
    why: 'A key that nobody uses can only be misused.',
    needs: ['keys'],
    run: ({ keys = [], nowMs }) =>
      eachKey(
        keys.filter((key) => nowMs - (key.lastUsedAtMs ?? key.createdAtMs) > KEY_IDLE_DAYS_MAX * DAY_MS),
        () => `was not used for ${KEY_IDLE_DAYS_MAX} days.`,
        (key) => commandFor('revoke', key),
      ),
  },
  {
    name: 'test-keys',
    area: 'privilege',
    title: 'There are no test keys in production.',
    why: 'Replies of the sandbox look like replies: an application with the wrong key works, and nothing of it is true.',
    needs: ['keys'],
    run: (facts) =>
      onlyInProduction(facts, () => {
        const tests = (facts.keys ?? []).filter(({ mode }) => mode === 'test');
        return eachKey(
          tests,
          () => 'is a test key.',
          (key) => commandFor('revoke', key),
          'notice',
        );
      }),
  },
];

const isManaging = ({ permissions }: KeyFact): boolean => permissions.some((each) => MANAGING.includes(each));

function eachKey(
  keys: readonly KeyFact[],
  ...[what, remedy, severity = 'warning']: [
    what: (key: KeyFact) => string,
    remedy: (key: KeyFact) => string,
    severity?: Found['severity'],
  ]
): Found[] {
  return eachOf(
    keys,
    (key) => found(severity, `The key "${key.name}" (${key.id}) ${what(key)}`, remedy(key)),
    (count) => `The same holds for ${count} more keys.`,
  );
}

function commandFor(action: 'rotate' | 'revoke', { id, project }: KeyFact): string {
  return `tokenrouter keys ${action} ${id}${project === undefined ? '' : ` --project ${project}`}`;
}

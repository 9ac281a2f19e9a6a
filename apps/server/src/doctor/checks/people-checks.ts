import { type Check, eachOf, found, onlyInProduction } from '../check.ts';
import type { Facts, PersonFact } from '../facts.ts';

const DAY_MS = 86_400_000;

export const peopleChecks: readonly Check[] = [
  {
    name: 'owner',
    area: 'privilege',
    title: 'The installation has an owner.',
    why: 'Whoever opens the set-up link first owns the installation.',
    needs: ['hasOwner'],
    run: ({ hasOwner }) =>
      hasOwner === false
        ? [
            found(
              'notice',
              'There is no owner yet.',
              'Open the set-up link that the server prints at its start.',
            ),
          ]
        : [],
  },
  {
    name: 'owner-two-factor',
    area: 'privilege',
    title: 'Owners sign in with two factors.',
    why: 'A guessed or stolen password of an owner gives everything away.',
    needs: ['people'],
    run: (facts) =>
      onlyInProduction(facts, () =>
        eachOf(
          ownersOf(facts).filter((person) => !isSafe(facts, person)),
          ({ email, organization }) =>
            found(
              'warning',
              `${email} owns ${organization} without a second factor.`,
              'Set one up under Account, or ask everybody of the organization for one under Team.',
            ),
          (count) => `${count} more owners have no second factor.`,
        ),
      ),
  },
  {
    name: 'single-owner',
    area: 'privilege',
    title: 'Every organization has a second owner, or one who is hard to take over.',
    why: 'Whoever takes over the only owner cannot be put out again, and nobody replaces one who is gone.',
    needs: ['people'],
    run: (facts) =>
      onlyInProduction(facts, () => {
        const owners = Map.groupBy(ownersOf(facts), ({ organization }) => organization);
        const single = [...owners.values()].flatMap((group) => (group.length === 1 ? group : []));
        return eachOf(
          single.filter((person) => !isSafe(facts, person)),
          ({ organization }) =>
            found(
              'warning',
              `${organization} has one owner, who has no second factor.`,
              'Make somebody else an owner too, under Team, and set up second factors.',
            ),
          (count) => `${count} more organizations have one owner without a second factor.`,
        );
      }),
  },
  {
    name: 'stale-members',
    area: 'privilege',
    title: 'Everybody who belongs to an organization uses it.',
    why: 'Accounts that nobody uses are taken over unnoticed.',
    needs: ['people'],
    run: ({ people = [], nowMs }) =>
      eachOf(
        people.filter(({ lastActiveAtMs, staleDays }) => nowMs - lastActiveAtMs > staleDays * DAY_MS),
        ({ email, organization, staleDays }) =>
          found(
            'warning',
            `${email} was not active in ${organization} for ${staleDays} days.`,
            'Remove them under Team.',
          ),
        (count) => `${count} more members were not active for long.`,
      ),
  },
];

const ownersOf = ({ people = [] }: Facts): PersonFact[] => people.filter(({ role }) => role === 'owner');

/** By a factor of their own, a rule of the organization, or because only providers that ask for two let anybody in. */
function isSafe({ config }: Facts, { hasTwoFactor, twoFactorRequired }: PersonFact): boolean {
  const { password, providers } = config.file.sign_in;
  const isAskedElsewhere = !password && providers.every((each) => each.two_factor);
  return hasTwoFactor || twoFactorRequired || isAskedElsewhere;
}

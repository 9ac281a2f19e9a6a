import { type Check, eachOf, found, onlyInProduction } from '../check.ts';

export const alertChecks: readonly Check[] = [
  {
    name: 'destinations',
    area: 'alerts',
    title: 'Every organization is told where something is wrong.',
    why: 'What nobody hears of goes on.',
    needs: ['alerting'],
    run: (facts) =>
      onlyInProduction(facts, () =>
        eachOf(
          (facts.alerting ?? []).filter(({ destinations }) => destinations === 0),
          ({ organization }) =>
            found(
              'warning',
              `${organization} has no destination for alerts and budgets.`,
              'Make one under Alerts: a webhook, Slack or e-mail.',
            ),
          (count) => `${count} more organizations have none.`,
        ),
      ),
  },
  {
    name: 'failing-destinations',
    area: 'alerts',
    title: 'Every destination got its last message.',
    why: 'Alerts go there, and nobody hears of them.',
    needs: ['alerting'],
    run: ({ alerting = [] }) =>
      eachOf(
        alerting.flatMap(({ organization, failing }) => failing.map((name) => ({ organization, name }))),
        ({ organization, name }) =>
          found(
            'warning',
            `The last message for "${name}" of ${organization} did not arrive.`,
            'Look at it under Alerts, and send a test.',
          ),
        (count) => `${count} more destinations did not get theirs.`,
      ),
  },
  {
    name: 'alerts',
    area: 'alerts',
    title: 'Every organization has an alert.',
    why: 'Unusual spend, bursts of errors and keys used from new places are noticed only by a rule that looks for them.',
    needs: ['alerting'],
    run: (facts) =>
      onlyInProduction(facts, () =>
        eachOf(
          (facts.alerting ?? []).filter(({ alerts }) => alerts === 0),
          ({ organization }) =>
            found(
              'notice',
              `${organization} has no alert.`,
              'Make one under Alerts: for spend, errors, and new addresses of keys.',
            ),
          (count) => `${count} more organizations have none.`,
        ),
      ),
  },
];

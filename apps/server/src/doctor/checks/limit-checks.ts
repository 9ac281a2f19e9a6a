import { type Check, eachOf, found, onlyInProduction } from '../check.ts';

/** Beyond these a limit of a key limits nothing that one server can do. */
const REQUESTS_PER_MINUTE_MAX = 60_000;
const CONCURRENCY_MAX = 5_000;

export const limitChecks: readonly Check[] = [
  {
    name: 'default-limits',
    area: 'limits',
    title: 'A new key is limited.',
    why: 'One runaway or stolen key takes the whole server, and spends without an end.',
    run: ({ config: { file } }) => {
      const { requests_per_minute: requests, concurrency } = file.defaults;
      if (requests <= REQUESTS_PER_MINUTE_MAX && concurrency <= CONCURRENCY_MAX) return [];
      const what = `A new key may make ${requests} requests a minute, ${concurrency} at once.`;
      return [found('warning', what, 'Lower requests_per_minute and concurrency under "defaults".')];
    },
  },
  {
    name: 'budgets',
    area: 'limits',
    title: 'There is a budget over every project.',
    why: 'Without one a mistake or a stolen key spends until the provider’s own limit.',
    needs: ['projectsWithoutBudget'],
    run: (facts) =>
      onlyInProduction(facts, () =>
        eachOf(
          facts.projectsWithoutBudget ?? [],
          (project) =>
            found(
              'warning',
              `There is no budget over the project ${project}.`,
              'tokenrouter budgets create, with --org for one over the whole organization.',
            ),
          (count) => `There is none over ${count} more projects.`,
        ),
      ),
  },
  {
    name: 'local-limits',
    area: 'limits',
    title: 'All servers count limits together.',
    why: 'Each server would count for itself, so a limit would be as many times its number as there are servers.',
    needs: ['serverCount'],
    run: ({ config, serverCount = 0 }) =>
      config.environment.REDIS_URL === undefined && serverCount > 1
        ? [
            found(
              'warning',
              `${serverCount} servers use this database, and each counts limits for itself.`,
              'Set REDIS_URL to the same Redis for all of them, or run one.',
            ),
          ]
        : [],
  },
  {
    name: 'shared-counters',
    area: 'limits',
    title: 'The shared counters answer and forget nothing.',
    why: 'Limits of several servers hold only as long as their counters answer and forget nothing.',
    run: ({ config, counters }) => [
      ...(counters?.answers === false
        ? [
            found(
              'warning',
              `The counters at REDIS_URL do not answer: ${awayWords(config.file.defaults.when_counters_are_away)}`,
              'Start Redis, or correct REDIS_URL.',
            ),
          ]
        : []),
      ...(![undefined, 'noeviction'].includes(counters?.evictionPolicy)
        ? [
            found(
              'warning',
              `Redis forgets counts when its memory is full (maxmemory-policy ${counters?.evictionPolicy}).`,
              'Give limits a Redis of their own with maxmemory-policy noeviction.',
            ),
          ]
        : []),
    ],
  },
];

const awayWords = (setting: 'open' | 'closed'): string =>
  setting === 'open'
    ? 'each server counts for itself, with its share of what is left; what others use of it in that time is not seen.'
    : 'calls that have a limit are refused.';

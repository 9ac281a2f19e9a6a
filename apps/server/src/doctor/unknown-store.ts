import type { Facts } from './facts.ts';

/** What PostgreSQL knows. */
export type StoreFacts = Pick<
  Facts,
  'keys' | 'hasOwner' | 'people' | 'projectsWithoutBudget' | 'alerting' | 'serverCount'
>;

/** Before PostgreSQL was asked, or where it does not answer. */
export const unknownStore: StoreFacts = {
  keys: undefined,
  hasOwner: undefined,
  people: undefined,
  projectsWithoutBudget: undefined,
  alerting: undefined,
  serverCount: undefined,
};

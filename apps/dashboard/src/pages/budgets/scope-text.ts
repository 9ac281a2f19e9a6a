import type { LimitScope } from '@app/contract';

const nouns = {
  organization: 'the whole organization',
  project: 'the whole project',
  key: 'key',
  user: 'user',
  model: 'model',
  tag: 'tag',
} as const;

/** Whose calls count, in words: `each user`, `tag batch`, `the whole project`. */
export function scopeText({ kind, id }: LimitScope, names?: ReadonlyMap<string, string>): string {
  if (kind === 'organization' || kind === 'project') return nouns[kind];
  return id === '*' ? `each ${nouns[kind]}` : `${nouns[kind]} ${names?.get(id) ?? id}`;
}

import type { TraceLimits } from '@app/contract';

type TraceLimit = NonNullable<TraceLimits['refused_by']>;

/** What a limit is called by people: its name, or what it counts of a key where it belongs to one. */
export function limitTitle({ id, name }: TraceLimit): string {
  if (name !== null) return name;
  if (id.endsWith('/requests')) return 'the key’s requests per minute';
  if (id.endsWith('/concurrency')) return 'the key’s calls at a time';
  return id;
}

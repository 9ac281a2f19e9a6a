import type { RetentionChange, RetentionPolicy } from '@app/contract';
import type { Config } from '../config.ts';

/** What holds for projects that decided nothing, out of `retention` of the settings. */
export function readDefaultPolicy(retention: Config['file']['retention']): RetentionPolicy {
  return {
    contents_days: retention.contents_days ?? null,
    traces_days: retention.traces_days ?? null,
    responses_days: retention.stored_responses_days,
    conversations_days: retention.conversations_days ?? null,
    contents_bytes_max: retention.contents_bytes ?? null,
  };
}

/** What holds for a project: its own decisions before the defaults. Null keeps for ever. */
export function policyOf(defaults: RetentionPolicy, own: RetentionChange | undefined): RetentionPolicy {
  const decided = Object.entries(own ?? {}).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(decided) };
}

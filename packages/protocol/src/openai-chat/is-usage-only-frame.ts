import type { Frame } from '../dialect.ts';
import type { Event } from '../event.ts';

const NO_CHOICES = /"choices"\s*:\s*\[\s*\]/;

/** Chunks of chat and of completions tell the usage last, without a choice. */
export function isUsageOnlyFrame(frame: Frame, events: readonly Event[]): boolean {
  return events.length === 1 && events[0]?.type === 'usage' && NO_CHOICES.test(frame.data);
}

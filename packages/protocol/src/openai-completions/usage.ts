import type { Event } from '../event.ts';
import type { JsonObject } from '../json.ts';
import { readUsage, writeUsage } from '../openai-chat/usage.ts';

/** The figures are those of chat. Source: OpenAI's `CompletionUsage`. */
export { writeUsage };

export function usageEvent(wire: JsonObject): Event {
  const { usage, estimated } = readUsage(wire);
  return estimated ? { type: 'usage', usage, estimated } : { type: 'usage', usage };
}

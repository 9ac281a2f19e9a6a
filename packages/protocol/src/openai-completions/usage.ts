import type { Event } from '../event.ts';
import type { JsonObject } from '../json.ts';
import { readUsage, writeUsage } from '../openai-chat/usage.ts';
import { tellUsage } from '../tell-usage.ts';

/** The figures are those of chat. Source: OpenAI's `CompletionUsage`. */
export { writeUsage };

export function usageEvent(wire: JsonObject): Event {
  return tellUsage({ ...readUsage(wire), billing: {} });
}

import { mergeUsage, readBilling, readUsage as readMessagesUsage } from './anthropic-messages/usage.ts';
import { readTier as readGeminiTier, readUsage as readGeminiUsage } from './gemini/usage.ts';
import type { Json, JsonObject } from './json.ts';
import { readTier as readChatTier, readUsage as readChatUsage } from './openai-chat/usage.ts';
import { readUsage as readResponsesUsage } from './openai-responses/usage.ts';
import type { Usage } from './usage.ts';

/** What a reply's own figures say, in disjoint classes. `estimated` marks parts that are larger than their total. */
export type WireUsage = { usage: Usage; estimated: boolean };

/** The readers of each wire's figures, for whoever holds a reply and needs no more of its dialect. */
export const usageReaders = {
  chat: readChatUsage,
  /** The queue that answered; '' when it is not told. */
  chatTier: readChatTier,
  responses: readResponsesUsage,
  messages: readMessagesUsage,
  /** Later figures of a stream replace earlier ones. */
  mergeMessages: mergeUsage,
  /** The queue is told inside the figures. */
  messagesTier: (wire: JsonObject): string | undefined => readBilling(wire).serviceTier,
  gemini: readGeminiUsage,
  geminiTier: (wire: Json | undefined): string | undefined => readGeminiTier(wire),
};

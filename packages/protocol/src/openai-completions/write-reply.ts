import type { ReplyFacts } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import type { Reply } from '../reply.ts';
import { writeLogprobs } from './logprobs.ts';
import { writeStop } from './stops.ts';
import { writeUsage } from './usage.ts';

/** A whole completion: the text of a reply, and nothing else of it. */
export function writeReply(reply: Reply, facts: ReplyFacts = {}): JsonObject {
  const spoken = reply.parts.filter((part) => part.kind === 'text' || part.kind === 'refusal');
  const logprobs = spoken.flatMap((part) => (part.kind === 'text' ? (part.logprobs ?? []) : []));
  const body: JsonObject = {
    id: facts.id ?? reply.id,
    object: 'text_completion',
    created: facts.createdS ?? 0,
    model: reply.model,
    choices: [
      {
        text: spoken.map((part) => part.text).join(''),
        index: 0,
        logprobs: logprobs.length === 0 ? null : writeLogprobs(logprobs, 0),
        finish_reason: writeStop(reply.stop, reply.rawStop),
      },
    ],
  };
  const usage = writeUsage(reply.usage);
  if (usage !== undefined) body.usage = usage;
  return body;
}

import type { ReplyFacts } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import type { Reply } from '../reply.ts';
import { writeResponse } from './echo.ts';
import { writeStop } from './stops.ts';
import { writeUsage } from './usage.ts';
import { writeOutput } from './write-item.ts';

/** A whole response, which repeats what was asked. */
export function writeReply(reply: Reply, facts: ReplyFacts = {}): JsonObject {
  const id = facts.id ?? reply.id;
  const ending = writeStop(
    reply,
    reply.parts.some((part) => part.kind === 'refusal'),
  );
  const output = writeOutput(reply.parts, id);
  const last = output.at(-1);
  if (ending.status === 'incomplete' && last?.type === 'message')
    output[output.length - 1] = { ...last, status: 'incomplete' };
  return { ...writeResponse({ id, model: reply.model }, facts), ...ending, output, ...factFields(reply) };
}

/** What is known of a response only at its end. */
export function factFields({ usage, serviceTier }: Pick<Reply, 'usage' | 'serviceTier'>): JsonObject {
  const fields: JsonObject = {};
  const wire = writeUsage(usage);
  if (wire !== undefined) fields.usage = wire;
  if (isTier(serviceTier)) fields.service_tier = serviceTier;
  return fields;
}

const TIERS: readonly string[] = ['auto', 'default', 'flex', 'scale', 'priority', 'fast', 'ultrafast'];

/** The wire's list is closed, and clients with types trust it. */
export function isTier(tier: string | undefined): tier is string {
  return tier !== undefined && TIERS.includes(tier);
}

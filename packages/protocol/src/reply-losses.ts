import { capabilities } from './capabilities.ts';
import type { CallerDialectId } from './dialect.ts';
import type { Loss } from './loss.ts';
import { createLosses } from './losses.ts';
import type { ReplyFeature, SeenFeatures } from './reply-features.ts';

/** What the dialect of `caller` cannot say of a reply that came in another dialect. Paths begin with `reply.`. */
export function replyLosses({ features, opaque }: SeenFeatures, caller: CallerDialectId): Loss[] {
  const losses = createLosses();
  for (const feature of features) {
    const ability = capabilities.replies[feature][caller];
    if (ability !== 'kept') losses.add(PATHS[feature], ability === 'lost' ? 'unsupported' : 'changed');
  }
  for (const type of opaque) losses.add(`reply.${type}`, 'unsupported');
  return losses.list();
}

/** Told in our own words: the caller's dialect has none for what it cannot say. */
const PATHS: Record<ReplyFeature, string> = {
  thinking: 'reply.thinking',
  'seal-anthropic': 'reply.thinking.signature',
  'seal-openai': 'reply.thinking.signature',
  'seal-google': 'reply.thinking.signature',
  'redacted-thinking': 'reply.thinking.redacted',
  'sealed-image': 'reply.image.signature',
  'tool-calls': 'reply.tool_calls',
  refusal: 'reply.refusal',
  citations: 'reply.citations',
  logprobs: 'reply.logprobs',
  image: 'reply.image',
  audio: 'reply.audio',
  'stop-sequence': 'reply.stop_sequence',
};

import { type Ability, type CallFeature, capabilities } from './capabilities.ts';
import type { CallerDialectId, DialectId } from './dialect.ts';
import { callFeatures, featurePath } from './feature-paths.ts';
import type { ReplyFeature } from './reply-features.ts';

/** `path` is where a caller says it, in its own words. */
export type CallAbility = { feature: CallFeature; path: string; ability: Ability };
export type ReplyAbility = { feature: ReplyFeature; ability: Ability };

/**
 * What a caller of one dialect can ask of a provider of another, and what of the reply comes back. Within one dialect
 * everything is kept, because the bytes are.
 */
export function crossingOf(
  caller: CallerDialectId,
  provider: DialectId,
): { call: CallAbility[]; reply: ReplyAbility[] } {
  const isSame = caller === provider;
  const replyFeatures = Object.keys(capabilities.replies) as ReplyFeature[];
  return {
    call: callFeatures(caller).map((feature) => ({
      feature,
      path: featurePath(feature, caller),
      ability: isSame ? 'kept' : capabilities.calls[feature][provider],
    })),
    reply: replyFeatures.map((feature) => ({
      feature,
      ability: isSame ? 'kept' : capabilities.replies[feature][caller],
    })),
  };
}

import type { Call } from './call.ts';
import { plainCall, sampleCall } from './call-samples.ts';
import { type Ability, type CallFeature, capabilities } from './capabilities.ts';
import type { CallerDialectId, DialectId } from './dialect.ts';
import { providerDialects } from './dialects.ts';
import { callFeatures, featurePath } from './feature-paths.ts';
import type { JsonObject } from './json.ts';
import type { Loss } from './loss.ts';
import type { ReplyFeature } from './reply-features.ts';

/** `path` is where a caller says it, in its own words. */
export type CallAbility = { feature: CallFeature; path: string; ability: Ability };
export type ReplyAbility = { feature: ReplyFeature; ability: Ability };

/** `model` is the provider's own name; `refusals` tells what this provider loses of a body of its dialect. */
export type Crossing = {
  caller: CallerDialectId;
  provider: DialectId;
  model: string;
  refusals?: (body: JsonObject) => readonly Loss[];
};

/**
 * What a caller can ask of this model, and what of the reply comes back: found by writing a call for each thing. Within
 * one dialect everything is kept but what the provider refuses, because the bytes are.
 */
export function crossingOf(crossing: Crossing): { call: CallAbility[]; reply: ReplyAbility[] } {
  const { caller, provider } = crossing;
  const idle = new Set(lossesOf(plainCall({ extra: { dialect: caller, fields: {} } }), crossing).map(pathOf));
  const replyFeatures = Object.keys(capabilities.replies) as ReplyFeature[];
  return {
    call: callFeatures(caller).map((feature) => {
      const losses = lossesOf(sampleCall(feature, caller), crossing);
      const ability = abilityIn(losses.filter((loss) => !idle.has(loss.path)));
      return { feature, path: featurePath(feature, caller), ability };
    }),
    reply: replyFeatures.map((feature) => ({
      feature,
      ability: caller === provider ? 'kept' : capabilities.replies[feature][caller],
    })),
  };
}

function lossesOf(call: Call, { caller, provider, model, refusals }: Crossing): Loss[] {
  const { body, losses } = providerDialects[provider].outbound.writeCall(call, model);
  return [...(caller === provider ? [] : losses), ...(refusals?.(body) ?? [])];
}

function pathOf({ path }: Loss): string {
  return path;
}

/** What losses say of the one thing that was asked for. */
export function abilityIn(losses: readonly Loss[]): Ability {
  if (losses.length === 0) return 'kept';
  return losses.some(({ why }) => why === 'unsupported') ? 'lost' : 'changed';
}

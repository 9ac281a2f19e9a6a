import { describe, expect, test } from 'vitest';
import { plainCall, sampleCall } from '../src/call-samples.ts';
import { abilityIn, type Crossing, crossingOf } from '../src/crossing.ts';
import { callFeatures, featurePath } from '../src/feature-paths.ts';
import {
  type Call,
  type CallFeature,
  capabilities,
  type DialectId,
  dialects,
  type JsonObject,
  type Loss,
  providerDialects,
  type Tool,
} from '../src/index.ts';
import { changedAspects, spokenIn, toolsIn } from './call-changes.ts';
import { callers } from './for-every.ts';

const providers = Object.keys(providerDialects) as DialectId[];
const features = Object.keys(capabilities.calls) as CallFeature[];
/** Of Google's models the newest generation is meant: those before it look at media and think in other terms. */
const modelOf = (provider: DialectId): string => (provider === 'gemini' ? 'gemini-3-flash' : 'model-1');

describe.each(providers)('on the way to a provider of %s', (provider) => {
  const { outbound } = providerDialects[provider];
  const foreign = callers.filter((caller) => caller !== provider);

  test.each(features)(
    '%s is what the table says, and a loss is told in the words of the caller',
    (feature) => {
      const expected = capabilities.calls[feature][provider];
      for (const caller of foreign) {
        const { losses } = outbound.writeCall(sampleCall(feature, caller), modelOf(provider));
        expect({ caller, losses, ability: abilityIn(losses) }).toMatchObject({ ability: expected });
        const path = featurePath(feature, caller);
        if (expected !== 'kept') expect(losses.map((loss) => loss.path).join()).toContain(path);
      }
    },
  );

  const kept = features.filter((feature) => capabilities.calls[feature][provider] === 'kept');

  test.each(kept)('%s arrives as it was, as the table says', (feature) => {
    for (const caller of foreign) {
      const call = sampleCall(feature, caller);
      const model = modelOf(provider);
      const { body } = outbound.writeCall(call, model);
      if (provider === 'bedrock-converse') {
        // Nobody reads Converse here: a wish that is kept leaves a trace.
        const idle = outbound.writeCall(withoutWish(call), model);
        if (feature !== 'no-output-max') expect(body).not.toEqual(idle.body);
        continue;
      }
      const read = dialects[provider].inbound.readCall({ ...JSON.parse(JSON.stringify(body)), model });
      expect(arrivedIn(read, call)).toEqual(arrivedIn(call, call));
    }
  });
});

/** The least that can be asked by the same caller, with the same tools. */
function withoutWish({ extra, tools }: Call): Call {
  const idle = plainCall({ extra });
  const named = tools.map((tool) => (tool.kind === 'function' ? omitWishes(tool) : tool));
  return named.length > 1 || tools.some((tool) => 'strict' in tool || 'cache' in tool)
    ? { ...idle, tools: named }
    : idle;
}

function omitWishes({ strict: _, cache: __, ...tool }: Tool & { kind: 'function' }): Tool {
  return tool;
}

/** All that the laws compare, and everything else that the call said. */
function arrivedIn(read: Call, sent: Call): object {
  const changed = changedAspects(sent, read);
  const tools = read.tools.map((tool) => (tool.kind === 'function' ? [tool.name, tool.schema] : tool.kind));
  return { changed, tools, said: spokenIn(read, false), called: toolsIn(read) };
}

describe.each(callers)('a caller of %s', (caller) => {
  test('loses nothing that its dialect can say at a provider of the same dialect', () => {
    for (const feature of callFeatures(caller)) {
      const { losses } = dialects[caller].outbound.writeCall(sampleCall(feature, caller), modelOf(caller));
      const told = losses.filter(({ why }) => why === 'unsupported');
      expect({ feature, told }).toEqual({ feature, told: [] });
    }
  });
});

describe('what one model takes', () => {
  const supportOf = (crossing: Crossing, feature: CallFeature) =>
    crossingOf(crossing).call.find((one) => one.feature === feature)?.ability;

  test('is what the table says, where its provider refuses nothing', () => {
    for (const caller of callers) {
      for (const provider of providers) {
        for (const { feature, ability } of crossingOf({ caller, provider, model: modelOf(provider) }).call) {
          const expected = caller === provider ? 'kept' : capabilities.calls[feature][provider];
          expect({ caller, provider, feature, ability }).toMatchObject({ ability: expected });
        }
      }
    }
  });

  test('is less where its provider refuses something that its dialect has, within the dialect too', () => {
    const refusals = (body: JsonObject): Loss[] =>
      body.seed === undefined ? [] : [{ path: 'seed', why: 'unsupported' }];
    const provider = 'openai-chat';
    for (const caller of ['openai-chat', 'gemini'] as const) {
      expect(supportOf({ caller, provider, model: 'm', refusals }, 'seed')).toBe('lost');
      expect(supportOf({ caller, provider, model: 'm', refusals }, 'stop')).toBe('kept');
      expect(supportOf({ caller, provider, model: 'm' }, 'seed')).toBe('kept');
    }
  });

  test('depends on the model where its maker asks for other words', () => {
    const crossing = { caller: 'openai-chat', provider: 'gemini' } as const;
    expect(supportOf({ ...crossing, model: 'gemini-3-flash' }, 'thinking-effort')).toBe('kept');
    expect(supportOf({ ...crossing, model: 'gemini-2.5-flash' }, 'thinking-effort')).toBe('changed');
  });
});

import { describe, expect, test } from 'vitest';
import {
  type Ability,
  type CallerDialectId,
  capabilities,
  dialects,
  explode,
  openFeatureWatch,
  type Reply,
  type ReplyFeature,
  replyLosses,
} from '../src/index.ts';
import { callers } from './for-every.ts';
import { throughStream, throughWhole } from './laws.ts';
import { REPLY_SAMPLES } from './reply-samples.ts';

const features = Object.keys(REPLY_SAMPLES) as ReplyFeature[];

/** What of a feature is in a reply, in words that every dialect has. */
const PICKS: Record<ReplyFeature, (reply: Reply) => unknown> = {
  thinking: (reply) => reply.parts.filter(({ kind }) => kind === 'thinking'),
  'seal-anthropic': sealsIn,
  'seal-openai': sealsIn,
  'seal-google': sealsIn,
  'redacted-thinking': sealsIn,
  'sealed-image': (reply) => reply.parts.filter((part) => part.kind === 'media' && part.signature),
  'tool-calls': (reply) => reply.parts.filter(({ kind }) => kind === 'tool-call'),
  refusal: (reply) => [reply.parts, reply.stop],
  citations: (reply) =>
    reply.parts.flatMap((part) =>
      part.kind === 'text' ? (part.citations ?? []).map(({ url, title }) => [url, title]) : [],
    ),
  logprobs: (reply) => reply.parts.flatMap((part) => (part.kind === 'text' ? (part.logprobs ?? []) : [])),
  image: mediaIn,
  audio: mediaIn,
  'stop-sequence': (reply) => [reply.stop, reply.stopSequence],
};

function sealsIn(reply: Reply): unknown[] {
  return reply.parts.flatMap((part) => (part.kind === 'thinking' && part.signature ? [part.signature] : []));
}

function mediaIn(reply: Reply): unknown[] {
  return reply.parts.flatMap((part) => (part.kind === 'media' ? [[part.mediaType, part.data]] : []));
}

/** What a caller who reads it with its own dialect finds of a feature. */
function abilityOf(feature: ReplyFeature, came: Reply): Ability {
  const pick = PICKS[feature];
  const [sent, found] = [pick(REPLY_SAMPLES[feature]), pick(came)];
  if (JSON.stringify(sent) === JSON.stringify(found)) return 'kept';
  return JSON.stringify(found).includes('No.') ? 'changed' : 'lost';
}

const cells = callers.flatMap((caller) => features.map((feature) => [caller, feature] as const));

describe('what a caller can be told of a reply', () => {
  test.each(cells)('%s: %s is what the table says, whole and streamed', (caller, feature) => {
    const expected = capabilities.replies[feature][caller];
    const reply = REPLY_SAMPLES[feature];
    expect(abilityOf(feature, throughWhole(dialects[caller], reply))).toBe(expected);
    expect(abilityOf(feature, throughStream(dialects[caller], reply))).toBe(expected);
  });
});

function lostIn(reply: Reply, caller: CallerDialectId) {
  const watch = openFeatureWatch();
  for (const event of explode(reply)) watch.see(event);
  return { seen: watch.seen(), losses: replyLosses(watch.seen(), caller) };
}

describe('what a caller cannot be told of a reply is a loss', () => {
  test.each(cells)('%s: %s', (caller, feature) => {
    const { seen, losses } = lostIn(REPLY_SAMPLES[feature], caller);
    expect([...seen.features]).toContain(feature);
    const unkept = [...seen.features].filter((one) => capabilities.replies[one][caller] !== 'kept');
    expect(losses.length > 0).toBe(unkept.length > 0);
    expect(losses.every(({ path }) => path.startsWith('reply.'))).toBe(true);
    if (capabilities.replies[feature][caller] === 'kept') return;
    const why = capabilities.replies[feature][caller] === 'lost' ? 'unsupported' : 'changed';
    expect(losses.map((loss) => loss.why)).toContain(why);
  });

  test('a block that only its own dialect understands is told by its type, and no more than a few of them', () => {
    const blocks = Array.from({ length: 40 }, (_, place) => ({
      kind: 'opaque' as const,
      dialect: 'anthropic-messages' as const,
      value: { type: place < 2 ? 'server_tool_use' : `block_${place}${'x'.repeat(100)}` },
    }));
    const { losses } = lostIn({ ...REPLY_SAMPLES.thinking, parts: blocks }, 'openai-chat');
    expect(losses[0]).toEqual({ path: 'reply.server_tool_use', why: 'unsupported' });
    expect(losses).toHaveLength(16);
    expect(losses.every(({ path }) => path.length <= 80)).toBe(true);
  });

  test('text is never one', () => {
    const spoken = { ...REPLY_SAMPLES.thinking, parts: [{ kind: 'text' as const, text: 'Fog.' }] };
    for (const caller of callers) expect(lostIn(spoken, caller).losses).toEqual([]);
  });
});

import type { AssistantPart, Reply, ReplyFeature, TextPart, ThinkingPart } from '../src/index.ts';

/** The least that a model can say. */
function plainReply(parts: AssistantPart[], changes: Partial<Reply> = {}): Reply {
  return {
    id: 'reply_1',
    model: 'model-1',
    parts,
    stop: 'end',
    usage: { inputFresh: 3, outputText: 2 },
    ...changes,
  };
}

const said: TextPart = { kind: 'text', text: 'Fog.' };
const thought = (signature?: ThinkingPart['signature']): AssistantPart[] => [
  { kind: 'thinking', text: 'Hm.', ...(signature && { signature }) },
  said,
];

/** For every feature a reply that has it and, as far as that goes, nothing else, as if from a dialect of nobody. */
export const REPLY_SAMPLES: Record<ReplyFeature, Reply> = {
  thinking: plainReply(thought()),
  'seal-anthropic': plainReply(thought({ maker: 'anthropic', value: 'c2VhbA==' })),
  'seal-openai': plainReply(thought({ maker: 'openai', value: 'c2VhbA==', id: 'rs_1' })),
  'seal-google': plainReply(thought({ maker: 'google', value: 'c2VhbA==' })),
  'redacted-thinking': plainReply([
    { kind: 'thinking', text: '', signature: { maker: 'anthropic', value: 'c2VhbA==', isRedacted: true } },
    said,
  ]),
  'sealed-image': plainReply([
    said,
    {
      kind: 'media',
      mediaType: 'image/png',
      data: 'iVBORw0KGgo=',
      signature: { maker: 'google', value: 'c2VhbA==' },
    },
  ]),
  'tool-calls': plainReply([{ kind: 'tool-call', id: 'call_1', name: 'look', input: '{}' }], {
    stop: 'tool-calls',
  }),
  refusal: plainReply([{ kind: 'refusal', text: 'No.' }], { stop: 'refusal' }),
  citations: plainReply([
    {
      ...said,
      citations: [
        {
          url: 'https://example.com',
          title: 'Fog',
          start: 0,
          end: 4,
          wire: { dialect: 'bedrock-converse', value: {} },
        },
      ],
    },
  ]),
  logprobs: plainReply([
    {
      ...said,
      logprobs: [{ token: 'Fog.', logprob: -0.5, top: [{ token: 'Mist.', logprob: -1 }] }],
    },
  ]),
  image: plainReply([said, { kind: 'media', mediaType: 'image/png', data: 'iVBORw0KGgo=' }]),
  audio: plainReply([said, { kind: 'media', mediaType: 'audio/wav', data: 'UklGRg==', transcript: 'Fog.' }]),
  'stop-sequence': plainReply([said], { stop: 'stop-sequence', stopSequence: 'END' }),
};

import type { AssistantPart, Call, Message, Tool, ToolResultPart, UserPart } from './call.ts';
import type { CallFeature } from './capabilities.ts';
import type { Json } from './json.ts';
import type { Signature } from './signature.ts';

/** The least that can be asked, with the limit that one of the wires requires. */
export function plainCall(changes: Partial<Call> = {}): Call {
  return {
    model: 'model-1',
    system: [],
    messages: [asks({ kind: 'text', text: 'Hello' })],
    tools: [],
    sampling: {},
    outputTokensMax: 100,
    stop: [],
    stream: false,
    streamUsage: false,
    extra: { dialect: 'openai-chat', fields: {} },
    ...changes,
  };
}

const look: Tool = {
  kind: 'function',
  name: 'look',
  description: 'Looks.',
  schema: {
    type: 'object',
    properties: { at: { type: 'string' } },
    required: ['at'],
    additionalProperties: false,
  },
};
const search: Tool = { kind: 'web-search', wire: { dialect: 'openai-chat', value: {} } };
const png = { kind: 'base64', mediaType: 'image/png', data: 'aGk=' } as const;
const pdf = { kind: 'base64', mediaType: 'application/pdf', data: 'JVBERi0=' } as const;
const schema: Json = {
  type: 'object',
  properties: { a: { type: 'string' } },
  required: ['a'],
  additionalProperties: false,
};

function asks(...parts: UserPart[]): Message {
  return { role: 'user', parts };
}

/** A turn of the model in the past, and another question. */
function said(...parts: AssistantPart[]): Partial<Call> {
  return {
    messages: [
      asks({ kind: 'text', text: 'Hello' }),
      { role: 'assistant', parts },
      asks({ kind: 'text', text: 'And?' }),
    ],
  };
}

function thought(signature: Signature): Partial<Call> {
  return said({ kind: 'thinking', text: 'Hm.', signature }, { kind: 'text', text: 'Yes.' });
}

function answered(changes: Partial<ToolResultPart>): Partial<Call> {
  const result: ToolResultPart = {
    kind: 'tool-result',
    callId: 'call_1',
    parts: [{ kind: 'text', text: 'Fog.' }],
    ...changes,
  };
  return {
    tools: [look],
    messages: [
      asks({ kind: 'text', text: 'Look.' }),
      {
        role: 'assistant',
        parts: [{ kind: 'tool-call', id: 'call_1', name: 'look', input: '{"at":"sea"}' }],
      },
      asks(result),
    ],
  };
}

const seesFog = { kind: 'text', text: 'What is this?' } as const;
const shows = (part: UserPart): Partial<Call> => ({ messages: [asks(seesFog, part)] });
const chooses = (toolChoice: NonNullable<Call['toolChoice']>): Partial<Call> => ({
  tools: [look],
  toolChoice,
});

/** For every feature a call that asks for it and, as far as that goes, for nothing else. */
const CALL_SAMPLES: Record<CallFeature, Partial<Call>> = {
  system: { system: [{ kind: 'text', text: 'Be brief.' }] },
  'mid-system': {
    messages: [
      asks({ kind: 'text', text: 'Hello' }),
      { role: 'assistant', parts: [{ kind: 'text', text: 'Hi.' }] },
      { role: 'system', parts: [{ kind: 'text', text: 'Be brief.' }] },
      asks({ kind: 'text', text: 'And?' }),
    ],
  },
  tools: { tools: [look] },
  'strict-tool': { tools: [{ ...look, strict: true }] },
  'choice-none': chooses({ kind: 'none' }),
  'choice-required': chooses({ kind: 'required' }),
  'choice-tool': chooses({ kind: 'tool', name: 'look' }),
  'choice-allowed': {
    tools: [look, { ...look, name: 'listen' }],
    toolChoice: { kind: 'allowed', names: ['look'], isRequired: true },
  },
  'one-tool': { tools: [look], parallelTools: false },
  'web-search': { tools: [search] },
  'web-search-domains': { tools: [{ ...search, allowedDomains: ['example.com'] }] },
  'tool-result': answered({}),
  'result-image': answered({
    parts: [
      { kind: 'text', text: 'Fog.' },
      { kind: 'image', source: png },
    ],
  }),
  'result-file': answered({
    parts: [
      { kind: 'text', text: 'Fog.' },
      { kind: 'file', source: pdf },
    ],
  }),
  'result-error': answered({ isError: true }),
  'image-url': shows({ kind: 'image', source: { kind: 'url', url: 'https://example.com/fog.png' } }),
  'image-base64': shows({ kind: 'image', source: png }),
  'image-detail': shows({ kind: 'image', source: png, detail: 'low' }),
  audio: shows({ kind: 'audio', format: 'wav', data: 'UklGRg==' }),
  'file-url': shows({
    kind: 'file',
    source: { kind: 'url', url: 'https://example.com/fog.pdf', mediaType: 'application/pdf' },
  }),
  'file-base64': shows({ kind: 'file', source: pdf }),
  'file-name': shows({ kind: 'file', source: pdf, name: 'fog.pdf' }),
  'file-text': shows({ kind: 'file', source: { kind: 'text', text: 'Fog comes on.' } }),
  cache: shows({ kind: 'text', text: 'A long text.', cache: { lifetime: '5m' } }),
  'tool-cache': { tools: [{ ...look, cache: { lifetime: '5m' } }] },
  'past-thinking': said({ kind: 'thinking', text: 'Hm.' }, { kind: 'text', text: 'Yes.' }),
  'past-seal-anthropic': thought({ maker: 'anthropic', value: 'c2VhbA==' }),
  'past-seal-openai': thought({ maker: 'openai', value: 'c2VhbA==', id: 'rs_1' }),
  'past-seal-google': thought({ maker: 'google', value: 'c2VhbA==' }),
  'past-refusal': said({ kind: 'refusal', text: 'No.' }),
  'past-image': said({ kind: 'media', mediaType: 'image/png', data: 'aGk=', id: 'ig_1' }),
  'past-audio': said({
    kind: 'media',
    mediaType: 'audio/wav',
    data: 'UklGRg==',
    id: 'audio_1',
    transcript: 'Hi.',
  }),
  'past-citations': said({
    kind: 'text',
    text: 'Fog.',
    citations: [
      {
        url: 'https://example.com',
        title: 'Fog',
        start: 0,
        end: 4,
        wire: { dialect: 'openai-chat', value: {} },
      },
    ],
  }),
  json: { format: { kind: 'json' } },
  schema: { format: { kind: 'schema', name: 'response', schema, strict: true } },
  'schema-description': {
    format: { kind: 'schema', name: 'response', schema, strict: true, description: 'An a.' },
  },
  'schema-loose': { format: { kind: 'schema', name: 'response', schema, strict: false } },
  'thinking-off': { thinking: { kind: 'off' } },
  'thinking-adaptive': { thinking: { kind: 'adaptive' } },
  'thinking-budget': { thinking: { kind: 'budget', tokens: 2_048 }, outputTokensMax: 4_000 },
  'thinking-effort': { thinking: { kind: 'effort', effort: 'low' } },
  'output-max': { outputTokensMax: 50 },
  'no-output-max': {},
  stop: { stop: ['END'] },
  temperature: { sampling: { temperature: 0.5 } },
  'temperature-above-1': { sampling: { temperature: 1.5 } },
  'top-p': { sampling: { topP: 0.5 } },
  'top-k': { sampling: { topK: 5 } },
  seed: { sampling: { seed: 7 } },
  'frequency-penalty': { sampling: { frequencyPenalty: 0.5 } },
  'presence-penalty': { sampling: { presencePenalty: 0.5 } },
  user: { user: 'user-7' },
  logprobs: { logprobs: { top: 2 } },
  'service-tier': { serviceTier: 'flex' },
  metadata: { metadata: { team: 'blue' } },
  'prompt-cache-key': { promptCacheKey: 'chat-7' },
  'safety-identifier': { safetyIdentifier: 'hash-7' },
  verbosity: { verbosity: 'low' },
  modalities: { modalities: ['text', 'image'] },
};

/** The call that asks for one feature, said by a caller of one dialect. */
export function sampleCall(feature: CallFeature, caller: Call['extra']['dialect']): Call {
  const call = plainCall({ ...CALL_SAMPLES[feature], extra: { dialect: caller, fields: {} } });
  if (feature === 'no-output-max') delete call.outputTokensMax;
  return call;
}

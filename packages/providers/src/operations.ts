import { knownProviders } from './known-providers.ts';
import type { Provider } from './provider.ts';

/** What a provider can do besides answering conversations. */
export const OPERATIONS = [
  'embeddings',
  'images',
  'speech',
  'transcription',
  'moderations',
  'rerank',
  'files',
  'batches',
  'count-tokens',
  'realtime',
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** How a provider does one thing. */
export type Ability = {
  /** How the names of its models for this begin, so that callers may write them alone. */
  models?: readonly string[];
  /** Under the base URL, where it differs from OpenAI's. */
  path?: string;
  /** The end of the base URL that this one thing does without. */
  without?: string;
  /** Costs nothing, as documented. */
  isFree?: true;
};

type Abilities = { readonly [operation in Operation]?: Ability };

const anyModel: Ability = {};

/** Who makes vectors as OpenAI does, for models of many makers, and nothing else that is listed below. */
const EMBEDDERS = [
  'baidu',
  'cloudflare-workers-ai',
  'databricks',
  'github-models',
  'llama-cpp',
  'lm-studio',
  'nano-gpt',
  'nebius',
  'novita',
  'nvidia',
  'ollama',
  'openrouter',
  'ovhcloud',
  'scaleway',
  'sglang',
  'tgi',
  'upstage',
  'vercel-ai-gateway',
  'volcengine',
];

const googleModels = { models: ['gemini-embedding-', 'text-embedding-00', 'embedding-001'] };

/** By the provider's id in the list of known ones. Sources: each provider's own API reference. */
const ABILITIES: { readonly [id: string]: Abilities } = {
  openai: {
    embeddings: { models: ['text-embedding-'] },
    images: { models: ['gpt-image-', 'dall-e-', 'chatgpt-image-'] },
    speech: { models: ['tts-', 'gpt-4o-mini-tts'] },
    transcription: { models: ['whisper-', 'gpt-4o-transcribe', 'gpt-4o-mini-transcribe'] },
    moderations: { models: ['omni-moderation-', 'text-moderation-'], isFree: true },
    files: anyModel,
    batches: anyModel,
    'count-tokens': anyModel,
    realtime: { models: ['gpt-realtime', 'gpt-4o-realtime', 'gpt-4o-mini-realtime'] },
  },
  azure: {
    embeddings: anyModel,
    images: anyModel,
    speech: anyModel,
    transcription: anyModel,
    files: anyModel,
    batches: anyModel,
    realtime: anyModel,
  },
  'azure-foundry': { embeddings: { path: '/openai/v1/embeddings' } },
  // Their own forms of these things are other dialects.
  bedrock: {},
  vertex: {},
  anthropic: { 'count-tokens': anyModel },
  google: { embeddings: googleModels, 'count-tokens': anyModel },
  gemini: { embeddings: googleModels, 'count-tokens': anyModel },
  mistral: {
    embeddings: { models: ['mistral-embed', 'codestral-embed'] },
    moderations: { models: ['mistral-moderation-'] },
    transcription: { models: ['voxtral-'] },
    files: anyModel,
  },
  cohere: {
    embeddings: { models: ['embed-'] },
    rerank: { models: ['rerank-'], path: '/v2/rerank', without: '/compatibility/v1' },
  },
  together: {
    embeddings: { models: ['BAAI/', 'intfloat/', 'togethercomputer/m2-bert-'] },
    images: { models: ['black-forest-labs/'] },
    speech: { models: ['cartesia/'] },
    transcription: { models: ['openai/whisper-'] },
    rerank: { models: ['Salesforce/Llama-Rank-', 'mixedbread-ai/Mxbai-Rerank-'] },
  },
  fireworks: { embeddings: { models: ['nomic-ai/'] }, rerank: anyModel },
  groq: {
    speech: { models: ['playai-tts', 'canopylabs/'] },
    transcription: { models: ['whisper-', 'distil-whisper-'] },
    files: anyModel,
    batches: anyModel,
  },
  deepinfra: { embeddings: anyModel, images: anyModel, speech: anyModel, transcription: anyModel },
  jina: {
    embeddings: { models: ['jina-embeddings-', 'jina-clip-', 'jina-code-embeddings-'] },
    rerank: { models: ['jina-reranker-'] },
  },
  voyage: { embeddings: { models: ['voyage-'] }, rerank: { models: ['rerank-'] } },
  xai: { images: { models: ['grok-2-image', 'grok-imagine-image'] } },
  alibaba: { embeddings: { models: ['text-embedding-v'] } },
  zai: { embeddings: { models: ['embedding-'] }, images: { models: ['cogview-'] } },
  siliconflow: {
    embeddings: { models: ['BAAI/', 'Qwen/Qwen3-Embedding-'] },
    images: anyModel,
    rerank: anyModel,
  },
  vllm: { embeddings: anyModel, rerank: anyModel, transcription: anyModel },
  litellm: Object.fromEntries(OPERATIONS.map((operation) => [operation, anyModel])),
  ...Object.fromEntries(EMBEDDERS.map((id) => [id, { embeddings: anyModel }])),
  // Only test keys reach it; it says itself what it does not answer.
  sandbox: Object.fromEntries(
    OPERATIONS.filter((operation) => operation !== 'count-tokens').map((operation) => [operation, anyModel]),
  ),
};

/** How a provider does this, or undefined when it does not. What the operator says about a provider stands. */
export function findAbility(provider: Provider, operation: Operation): Ability | undefined {
  const known = abilitiesOf(provider);
  const ability = known === undefined || !Object.hasOwn(known, operation) ? undefined : known[operation];
  if (provider.operations !== undefined)
    return provider.operations.includes(operation) ? (ability ?? anyModel) : undefined;
  return known === undefined ? usual(provider, operation) : ability;
}

/** True when a model of this name, written alone, is meant for this provider. */
export function isModelFor({ models = [] }: Ability, model: string): boolean {
  return models.some((beginning) => model.startsWith(beginning));
}

/** Where a provider does this: the row with the base URL it needs, and OpenAI's path unless it has its own. */
export function endpointOf(
  provider: Provider,
  ability: Ability,
  usualPath: string,
): { provider: Provider; path: string } {
  const { without, path = usualPath } = ability;
  if (without === undefined) return { provider, path };
  if (!provider.baseUrl.endsWith(without)) return { provider, path: usualPath };
  return { provider: { ...provider, baseUrl: provider.baseUrl.slice(0, -without.length) }, path };
}

/** By kind or id, else by host, so that a known provider under an operator's own name can do the same. */
function abilitiesOf({ id, kind = id, baseUrl }: Provider): Abilities | undefined {
  if (Object.hasOwn(ABILITIES, kind)) return ABILITIES[kind];
  const host = hostOf(baseUrl);
  if (host === undefined || LOCAL.test(host)) return undefined;
  const found = Object.entries(knownProviders).find(([, known]) => hostOf(known.baseUrl) === host);
  const [knownId] = found ?? [];
  return knownId !== undefined && Object.hasOwn(ABILITIES, knownId) ? ABILITIES[knownId] : undefined;
}

const LOCAL = /^(?:localhost|127\.|\[)/;

function hostOf(baseUrl: string | undefined): string | undefined {
  return baseUrl === undefined ? undefined : URL.parse(baseUrl)?.hostname;
}

/** Of a stranger: what every server of its dialect has. */
function usual({ dialect }: Provider, operation: Operation): Ability | undefined {
  const usually: readonly Operation[] = USUAL[dialect] ?? [];
  return usually.includes(operation) ? anyModel : undefined;
}

const USUAL: { readonly [dialect in Provider['dialect']]?: readonly Operation[] } = {
  'openai-chat': ['embeddings'],
  'openai-responses': ['embeddings'],
  'openai-completions': ['embeddings'],
  'anthropic-messages': ['count-tokens'],
  gemini: ['embeddings', 'count-tokens'],
};

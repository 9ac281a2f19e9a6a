import { findKnownProvider, knownProviders } from '@app/providers';

/**
 * Our id of a provider that a sender names in its own way, so that prices are found: `gcp.vertex_ai` is `vertex`,
 * `openai.chat` is `openai`. A name that nobody knows stays as it is, in lower case; a framework is no provider.
 */
export function nameProvider(name: string): string | undefined {
  const word = name.trim().toLowerCase();
  if (FRAMEWORKS.has(word)) return undefined;
  const alias = ALIASES.get(word);
  if (alias !== undefined) return alias;
  if (findKnownProvider(word) !== undefined) return word;
  const plain = word.replace(/[\s_]+/g, '-');
  const known = ALIASES.get(plain) ?? (findKnownProvider(plain) === undefined ? undefined : plain);
  if (known !== undefined) return known;
  return nameOfFamily(word) ?? word;
}

/** The AI SDK names the provider and its API: `mistral.chat`. */
function nameOfFamily(word: string): string | undefined {
  for (const end of [word.lastIndexOf('.'), word.indexOf('.')]) {
    if (end <= 0) continue;
    const family = word.slice(0, end);
    const known = ALIASES.get(family) ?? (findKnownProvider(family) === undefined ? undefined : family);
    if (known !== undefined) return known;
  }
  return undefined;
}

/** The provider that a host name, or an address, belongs to; undefined for hosts that we do not know. */
export function providerAt(address: string): string | undefined {
  const host = hostOf(address).toLowerCase();
  return BY_HOST.get(host) ?? CLOUD_HOSTS.find(([hosts]) => hosts.test(host))?.[1];
}

function hostOf(address: string): string {
  if (!address.includes('/')) return address.replace(/:\d{1,5}$/, '');
  return URL.parse(address)?.hostname ?? '';
}

const CLOUD_HOSTS: readonly [hosts: RegExp, provider: string][] = [
  [/\.openai\.azure\.com$/, 'azure'],
  [/\.services\.ai\.azure\.com$/, 'azure-foundry'],
  [/^bedrock-runtime[\w.-]{0,80}\.amazonaws\.com$/, 'bedrock'],
  [/(^|-)aiplatform\.googleapis\.com$/, 'vertex'],
];

const BY_HOST = new Map(
  Object.entries(knownProviders)
    .filter(([id, known]) => known.auth !== 'none' && id !== 'gemini')
    .map(([id, { baseUrl }]) => [hostOf(baseUrl), id]),
);

/** Who serves the models whose names nobody else gives. Only where the maker serves them itself. */
const MAKERS: readonly [models: RegExp, provider: string][] = [
  [/^(gpt-(?!oss)|chatgpt-|o[134](-|$)|text-embedding-(3|ada)|dall-e|whisper-1|tts-1)/, 'openai'],
  [/^claude-/, 'anthropic'],
  [/^(models\/)?(gemini-|text-embedding-00|gemini-embedding)/, 'google'],
  [/^grok-/, 'xai'],
  [/^(mistral-(small|medium|large|embed)|codestral-|ministral-|magistral-|pixtral-large)/, 'mistral'],
  [/^command-(a|r)/, 'cohere'],
  [/^deepseek-(chat|reasoner)$/, 'deepseek'],
];

/** The maker of a model whose sender names no provider; undefined for models that anyone may serve. */
export function guessProvider(model: string): string | undefined {
  return MAKERS.find(([models]) => models.test(model))?.[1];
}

/** They call a provider, and some give their own name for it. */
const FRAMEWORKS: ReadonlySet<string> = new Set([
  '',
  'langchain',
  'llamaindex',
  'llama_index',
  'langgraph',
  'crewai',
  'haystack',
  'autogen',
  'openai_agents',
  'pydantic-ai',
  'pydantic_ai',
  'strands-agents',
  'agno',
  'unknown',
  '_other',
  'none',
]);

const ALIASES = new Map<string, string>(
  Object.entries({
    openai: ['openai-chat', 'openai.responses', 'open-ai', 'openai-responses'],
    anthropic: ['claude', 'anthropic.messages'],
    google: [
      'gemini',
      'gcp.gemini',
      'gcp.gen-ai',
      'gcp.gen_ai',
      'gcp',
      'google-genai',
      'google-gla',
      'google-gemini',
      'google-generative-ai',
      'google.generative-ai',
      'google-ai-studio',
      'googleai',
      'generative-ai',
    ],
    vertex: [
      'gcp.vertex_ai',
      'gcp.vertex-ai',
      'gcp.vertex.agent',
      'vertexai',
      'vertex-ai',
      'google-vertex',
      'google-vertexai',
      'google-vertex-ai',
      'google.vertex',
      'vertex.anthropic',
    ],
    bedrock: [
      'aws.bedrock',
      'amazon-bedrock',
      'aws-bedrock',
      'aws',
      'amazon',
      'bedrock-converse',
      'amazon.bedrock',
    ],
    azure: [
      'azure.ai.openai',
      'az.ai.openai',
      'azure-openai',
      'azureopenai',
      'azure-openai-responses',
      'azure.openai',
    ],
    'azure-foundry': ['azure.ai.inference', 'az.ai.inference', 'azure-ai', 'azure-ai-inference'],
    mistral: ['mistral-ai', 'mistralai'],
    xai: ['x-ai', 'x.ai', 'grok'],
    moonshotai: ['moonshot-ai', 'moonshot'],
    together: ['togetherai', 'together-ai', 'together.ai'],
    fireworks: ['fireworks-ai', 'fireworksai'],
    huggingface: ['hugging-face', 'hf'],
    'vercel-ai-gateway': ['gateway', 'vercel', 'ai-gateway'],
    'cloudflare-workers-ai': ['cloudflare', 'workers-ai', 'workersai'],
    'github-models': ['github'],
    nvidia: ['nvidia-nim', 'nvidia-ai', 'nim'],
    perplexity: ['perplexity-ai', 'pplx'],
    alibaba: ['qwen', 'dashscope'],
    zhipuai: ['zhipu', 'zhipu-ai'],
    deepseek: ['deep-seek'],
    voyage: ['voyageai', 'voyage-ai'],
  }).flatMap(([id, names]) => names.map((name): [string, string] => [name, id])),
);

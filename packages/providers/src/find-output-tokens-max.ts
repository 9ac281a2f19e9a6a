import * as openAiModels from 'gpt-tokenizer/models';

/** The most tokens a provider's model writes in one reply, by the price table's id of the provider; undefined when not known. */
export function findOutputTokensMax(providerId: string, id: string): number | undefined {
  if (providerId === 'openai') {
    const tokens = findOpenAiModel(id)?.outputTokensMax;
    return typeof tokens === 'number' ? tokens : undefined;
  }
  const rows = Object.hasOwn(OUTPUT_TOKENS_MAX, providerId) ? OUTPUT_TOKENS_MAX[providerId] : undefined;
  return rows?.find(([prefix]) => id.startsWith(prefix))?.[1];
}

type Row = [prefix: string, tokens: number];

/** https://platform.claude.com/docs/en/about-claude/models/overview; the first prefix that fits. */
const ANTHROPIC: Row[] = [
  ['claude-opus-4-5', 64_000],
  ['claude-sonnet-4-5', 64_000],
  ['claude-haiku-4-5', 64_000],
  ['claude-sonnet-4-0', 64_000],
  ['claude-sonnet-4-2', 64_000],
  ['claude-opus-4-0', 32_000],
  ['claude-opus-4-1', 32_000],
  ['claude-opus-4-2', 32_000],
  ['claude-3-7', 64_000],
  ['claude-3-5', 8_192],
  ['claude-3', 4_096],
  ['claude-2', 4_096],
  ['claude-v1', 4_096],
  ['claude-', 128_000],
];

/** https://ai.google.dev/gemini-api/docs/models: a page for each model. */
const GOOGLE: Row[] = [
  ['gemini-2.0-flash', 8_192],
  ['gemini-2.5-flash-image', 32_768],
  ['gemini-2.5-pro', 65_536],
  ['gemini-2.5-flash', 65_536],
  ['gemini-3-pro-image', 32_768],
  ['gemini-3-pro-preview', 65_536],
  ['gemini-3-flash-preview', 65_536],
];

const OUTPUT_TOKENS_MAX: { readonly [providerId: string]: Row[] } = { anthropic: ANTHROPIC, google: GOOGLE };

/** What is known of OpenAI's model of this name. */
export function findOpenAiModel(id: string): { outputTokensMax: unknown; endpoints: unknown } | undefined {
  const known: { [id: string]: object | undefined } = { ...openAiModels };
  const model = known[id];
  if (model === undefined) return undefined;
  return {
    outputTokensMax: 'max_output_tokens' in model ? model.max_output_tokens : undefined,
    endpoints: 'supported_endpoints' in model ? model.supported_endpoints : undefined,
  };
}

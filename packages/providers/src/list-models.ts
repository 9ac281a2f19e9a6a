import type { MatchLogic, ModelInfo, ModelPrice } from '@pydantic/genai-prices';
import { findOpenAiModel, findOutputTokensMax } from './find-output-tokens-max.ts';
import { findPricedProvider } from './find-priced-provider.ts';

/** A model that a provider offers for conversations. Sizes are in tokens and absent when not known. */
export type CatalogModel = {
  id: string;
  /** Other exact names that the provider accepts for it, for example dated snapshots. */
  aliases: string[];
  contextTokens?: number;
  outputTokensMax?: number;
};

/**
 * The models a known provider offers for chat, by name; empty for a provider that the price table does not know.
 *
 * Taken from the bundled price table, so it needs no network and no key. What is deprecated, retired, not priced per
 * token both ways, or made for something else than conversation is left out.
 */
export function listModels(providerId: string, baseUrl = ''): CatalogModel[] {
  const provider = findPricedProvider(providerId, baseUrl);
  if (provider === undefined) return [];
  return provider.models
    .filter((model) => model.deprecated !== true && isPricedBothWays(model) && isForChat(model.id))
    .filter((model) => isOffered(provider.id, model.id))
    .flatMap((model) => catalogModel(provider.id, model))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The name that the provider accepts, which is not the table's own for all of them; none when only a pattern is known. */
function catalogModel(providerId: string, model: ModelInfo): CatalogModel[] {
  const exact = exactNames(model.match);
  const id = matches(model.match, model.id) ? model.id : exact[0];
  if (id === undefined) return [];
  const outputTokensMax = findOutputTokensMax(providerId, id);
  return [
    {
      id,
      aliases: [...exact, ...(SNAPSHOTS[id] ?? [])].filter((name) => name !== id && isForChat(name)),
      ...(model.context_window === undefined ? {} : { contextTokens: model.context_window }),
      ...(outputTokensMax === undefined ? {} : { outputTokensMax }),
    },
  ];
}

/** Dated names that the price table knows only by their beginning. */
const SNAPSHOTS: { [id: string]: string[] } = {
  'claude-haiku-4-5': ['claude-haiku-4-5-20251001'],
  'claude-opus-4-5': ['claude-opus-4-5-20251101'],
  'claude-sonnet-4-5': ['claude-sonnet-4-5-20250929'],
};

function isPricedBothWays(model: ModelInfo): boolean {
  const prices = Array.isArray(model.prices)
    ? model.prices.map((entry: { prices: ModelPrice }) => entry.prices)
    : [model.prices];
  return prices.every((price) => price.input_mtok !== undefined && price.output_mtok !== undefined);
}

const NOT_CHAT =
  /embed|moderation|whisper|transcri|tts|audio|voice|realtime|live|image|omni-flash|guard|safeguard|ocr|rerank|instruct$|computer-use|deep-research|search|^ft:|\.ft-|-$|^(text-|ada|babbage|curie|davinci|code-)/;

function isForChat(id: string): boolean {
  return !NOT_CHAT.test(id);
}

/** True when the name is one the entry itself accepts; a name known only through a pattern may not exist. */
function matches(logic: MatchLogic, name: string): boolean {
  if ('or' in logic) return logic.or.some((branch) => matches(branch, name));
  if ('and' in logic) {
    const literal = logic.and.filter((branch) => !('regex' in branch));
    return literal.length > 0 && literal.every((branch) => matches(branch, name));
  }
  if ('equals' in logic) return name === logic.equals;
  if ('starts_with' in logic) return name.startsWith(logic.starts_with);
  if ('ends_with' in logic) return name.endsWith(logic.ends_with);
  return 'contains' in logic && name.includes(logic.contains);
}

function exactNames(logic: MatchLogic): string[] {
  if ('or' in logic) return logic.or.flatMap(exactNames);
  return 'equals' in logic ? [logic.equals] : [];
}

/** The price table keeps what was once sold; these names are no longer answered, or not by a conversation. */
const RETIRED: { [providerId: string]: RegExp } = {
  openai: /^(?!gpt-(3\.5-turbo$|4$|4-turbo$|4o|4\.1|[5-9])|chatgpt-|o\d)|^o1-(mini|preview)|:/,
  anthropic: /^claude-(v1|2|3|(opus|sonnet)-4-[01])/,
  google: /^(?!gemini-(2\.5|[3-9]))/,
  // Its models are named otherwise since its chat completions ended.
  perplexity: /^/,
  groq: /^(gemma|llama2|llama3-|llama-3\.1-(70|405)|llama-3\.2|mixtral|mistral-saba|deepseek-r1)|specdec/,
};

function isOffered(providerId: string, id: string): boolean {
  if (RETIRED[providerId]?.test(id) === true) return false;
  if (providerId !== 'openai') return true;
  const endpoints = findOpenAiModel(id)?.endpoints;
  return (
    !Array.isArray(endpoints) || endpoints.includes('chat_completions') || endpoints.includes('responses')
  );
}

import type { DialectId, Paths } from '@app/protocol';
import type { Auth } from '../provider.ts';
import type { Quirks } from '../quirks.ts';

/** What a provider needs besides its key. */
export type KnownProvider = {
  dialect: DialectId;
  /** Where it has an account or workspace in it, that part stands in braces, and the operator writes the whole. */
  baseUrl: string;
  auth: Auth['kind'];
  /** Where its API is documented. */
  docs: string;
  /** Its name in the price table, where it differs. */
  priceId?: string;
  quirks?: Quirks;
  paths?: Paths;
  /** What else it speaks. */
  also?: readonly KnownWay[];
};

/** A way without a base URL is under the provider's own, wherever the operator has that. */
export type KnownWay = {
  dialect: DialectId;
  baseUrl?: string;
  models?: readonly string[];
  isRequired?: true;
  isPreferred?: true;
  quirks?: Quirks;
};

export type KnownProviders = { readonly [id: string]: KnownProvider };

type More = Omit<Partial<KnownProvider>, 'baseUrl' | 'docs'>;

/** A row that speaks chat completions and takes a bearer token, unless it says otherwise. */
export function chat(baseUrl: string, docs: string, more: More = {}): KnownProvider {
  return { dialect: 'openai-chat', auth: 'bearer', baseUrl, docs, ...more };
}

/** A model server of one's own, which asks for no key. */
export function local(port: number, docs: string, also: readonly KnownWay[]): KnownProvider {
  return { dialect: 'openai-chat', auth: 'none', baseUrl: `http://127.0.0.1:${port}/v1`, docs, also };
}

/** Other dialects under the same base URL. */
export const responses: KnownWay = { dialect: 'openai-responses' };
export const completions: KnownWay = { dialect: 'openai-completions' };
export const messages: KnownWay = { dialect: 'anthropic-messages' };

/** Anthropic's Messages at an address of their own. */
export function messagesAt(baseUrl: string): KnownWay {
  return { dialect: 'anthropic-messages', baseUrl };
}

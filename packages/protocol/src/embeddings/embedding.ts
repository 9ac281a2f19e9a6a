import type { Json, JsonObject } from '../json.ts';
import type { Loss } from '../loss.ts';
import type { Usage } from '../usage.ts';

/** The wire formats of embeddings. */
export type EmbedDialectId = 'openai-embeddings' | 'gemini-embeddings';

/** A request for vectors, in nobody's words. Not a conversation: no events, no stream. */
export type EmbedCall = {
  model?: string;
  inputs: readonly EmbedInput[];
  dimensions?: number;
  /** What the vectors are for, in Gemini's words (`RETRIEVAL_QUERY`). */
  task?: string;
  /** The title of the document that is embedded. */
  title?: string;
  /** The caller's own name for its end user. */
  user?: string;
  /** How the caller wants its vectors written. */
  encoding: 'float' | 'base64';
  /** One vector is answered in another shape than a list of one. */
  isSingle: boolean;
  /** The body as it came: it goes on unchanged within one dialect. */
  wire: { dialect: EmbedDialectId; body: JsonObject };
  /** Fields of the caller's dialect that have no name here. */
  unread: readonly string[];
};

/** A text, or the tokens that the caller made of it. */
export type EmbedInput = string | readonly number[];

export type EmbedReply = { model?: string; vectors: readonly Vector[]; usage: Usage };

/** Numbers, or 32-bit floats in little-endian order as base64. */
export type Vector = readonly number[] | string;

/** One wire format of embeddings, in both directions. */
export type EmbedDialect = {
  id: EmbedDialectId;
  /** Throws `GatewayError` (`missing_parameter`, `invalid_parameter`) naming the field. */
  readCall(body: JsonObject): EmbedCall;
  /** `model` is the provider's own name. Throws when the dialect cannot say what matters (tokens instead of text). */
  writeCall(call: EmbedCall, model: string): { path: string; body: JsonObject; losses: Loss[] };
  /** Throws `provider_bad_response` when it is not a reply with `count` vectors. */
  readReply(body: Json, count: number): EmbedReply;
  writeReply(reply: EmbedReply, call: EmbedCall): JsonObject;
};

/** As many inputs as OpenAI takes in one request. */
export const EMBED_INPUTS_MAX = 2_048;
/** Of one input; far above what any model takes. */
export const EMBED_TOKENS_MAX = 100_000;
/** Far above what any model gives. */
export const EMBED_DIMENSIONS_MAX = 65_536;

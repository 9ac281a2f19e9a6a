import type { CallerDialectId, DialectId } from './dialect.ts';
import type { Json, JsonObject } from './json.ts';
import type { Signature } from './signature.ts';

/**
 * One request to a model, free of any wire format.
 *
 * A field gets a name here only when two dialects have it; everything else stays in `extra`
 * and is written back by the dialect it came from.
 */
export type Call = {
  /** The name the caller asked for; absent means "choose for me". */
  model: string | undefined;
  system: TextPart[];
  messages: Message[];
  tools: Tool[];
  toolChoice?: ToolChoice;
  /** False when the caller wants at most one tool call per reply. */
  parallelTools?: boolean;
  format?: OutputFormat;
  thinking?: Thinking;
  sampling: Sampling;
  outputTokensMax?: number;
  stop: string[];
  stream: boolean;
  /** True when the caller asked for a usage frame at the end of an OpenAI stream. */
  streamUsage: boolean;
  /** The caller's own name for its end user. */
  user?: string;
  /** Ask for the log probability of each token, and of the `top` likeliest others. */
  logprobs?: { top: number };
  /** The provider's queue: `auto`, `default`, `flex`, `priority`, or a word of the provider's own. */
  serviceTier?: string;
  /** The caller's own labels for the call. */
  metadata?: { [key: string]: string };
  /** Calls of one key share a prompt cache. */
  promptCacheKey?: string;
  /** A hashed name of the end user, for the provider's abuse detection. */
  safetyIdentifier?: string;
  /** How much the model should say: `low`, `medium`, `high`. */
  verbosity?: string;
  /** What the reply may hold beside text: `text`, `image`, `audio`. */
  modalities?: string[];
  /** Top-level fields without a name above, tagged with the dialect that understands them. */
  extra: { dialect: CallerDialectId; fields: JsonObject };
  /**
   * Paths of nested fields without a name here, for example `messages[].name`. The caller's own bytes carry them;
   * whoever writes the call anew reports them as losses.
   */
  unread?: string[];
  /** Set where only a provider of the caller's own dialect can answer: the field at fault, and what to do about it. */
  ownOnly?: { param: string; remedy: string };
  /**
   * The body as it came. The same dialect sends it on with only what must differ replaced, so that
   * unknown fields survive at every depth. A step that rewrites the call removes it.
   */
  wire?: { dialect: CallerDialectId; body: JsonObject };
};

export type Message =
  | { role: 'user'; parts: UserPart[] }
  | { role: 'assistant'; parts: AssistantPart[] }
  /** An instruction in the middle of a conversation (OpenAI `system` or `developer` after the first turn). */
  | { role: 'system'; parts: TextPart[] };

/** Marks the end of a prefix that the provider should cache. */
export type CacheMark = { lifetime: '5m' | '1h' };

/** `citations`, `logprobs` and `signature` are a model's. */
export type TextPart = {
  kind: 'text';
  text: string;
  cache?: CacheMark;
  citations?: Citation[];
  logprobs?: TokenLogprob[];
  signature?: Signature;
};

export type ImagePart = {
  kind: 'image';
  source: { kind: 'url'; url: string } | { kind: 'base64'; mediaType: string; data: string };
  detail?: 'auto' | 'low' | 'high';
  cache?: CacheMark;
};

/** Sound as input. `format` is the end of a media type: `wav`, `mp3`. */
export type AudioPart = { kind: 'audio'; format: string; data: string; cache?: CacheMark };

/** A document, a film, any file. A file that only its provider can find (an id) is an opaque part. */
export type FilePart = {
  kind: 'file';
  source:
    | { kind: 'url'; url: string; mediaType?: string }
    | { kind: 'base64'; mediaType: string; data: string }
    | { kind: 'text'; text: string };
  name?: string;
  cache?: CacheMark;
};

export type ToolResultPart = {
  kind: 'tool-result';
  callId: string;
  parts: (TextPart | ImagePart | FilePart | OpaquePart)[];
  isError?: boolean;
  cache?: CacheMark;
};

/** `text` is empty where the maker shows nothing of the thinking but its signature. */
export type ThinkingPart = { kind: 'thinking'; text: string; signature?: Signature };

/** `input` is the JSON text of the arguments exactly as the model wrote it, which may be broken JSON. */
export type ToolCallPart = {
  kind: 'tool-call';
  id: string;
  name: string;
  input: string;
  signature?: Signature;
  cache?: CacheMark;
};

/** What a model said instead of an answer. */
export type RefusalPart = { kind: 'refusal'; text: string };

/** An image or sound that the model made. `data` is base64; `transcript` is what a voice says, `id` the provider's name for it. */
export type MediaPart = {
  kind: 'media';
  mediaType: string;
  data: string;
  id?: string;
  transcript?: string;
  signature?: Signature;
};

/**
 * Where a text has its facts from. `start` and `end` count UTF-16 units of the part's text; `quote` is what the source
 * says. `wire` is the citation as its dialect has it, whole.
 */
export type Citation = {
  url?: string;
  title?: string;
  quote?: string;
  start?: number;
  end?: number;
  wire: { dialect: DialectId; value: Json };
};

/** Natural logarithms. `bytes` are the token's UTF-8 bytes where it is no whole character. */
export type TokenLogprob = {
  token: string;
  logprob: number;
  bytes?: number[];
  top: { token: string; logprob: number; bytes?: number[] }[];
};

/** A block that only its own dialect understands, kept as it came. */
export type OpaquePart = { kind: 'opaque'; dialect: DialectId; value: Json; cache?: CacheMark };

export type UserPart = TextPart | ImagePart | AudioPart | FilePart | ToolResultPart | OpaquePart;
export type AssistantPart = TextPart | ThinkingPart | ToolCallPart | RefusalPart | MediaPart | OpaquePart;

/**
 * `schema` is a JSON schema. `web-search` is the provider's own search of the web, which most dialects have; `wire` is
 * how the caller asked for it. Any other tool that a provider runs itself is opaque and keeps its wire form.
 */
export type Tool =
  | {
      kind: 'function';
      name: string;
      description?: string;
      schema?: Json;
      strict?: boolean;
      cache?: CacheMark;
    }
  | {
      kind: 'web-search';
      usesMax?: number;
      allowedDomains?: string[];
      blockedDomains?: string[];
      wire: { dialect: DialectId; value: Json };
    }
  | { kind: 'opaque'; dialect: DialectId; value: Json };

/** `allowed`: only these of the tools, and at least one of them where `isRequired`. */
export type ToolChoice =
  | { kind: 'auto' }
  | { kind: 'none' }
  | { kind: 'required' }
  | { kind: 'tool'; name: string }
  | { kind: 'allowed'; names: string[]; isRequired: boolean };

export type OutputFormat =
  | { kind: 'text' }
  | { kind: 'json' }
  | { kind: 'schema'; name: string; description?: string; schema: Json; strict?: boolean };

/** `effort` beside another kind is Anthropic's: how hard to work at all, thinking included. */
export type Thinking =
  | { kind: 'off'; effort?: string }
  | { kind: 'adaptive'; effort?: string }
  | { kind: 'budget'; tokens: number; effort?: string }
  | { kind: 'effort'; effort: string };

export type Sampling = {
  temperature?: number;
  topP?: number;
  topK?: number;
  seed?: number;
  frequencyPenalty?: number;
  presencePenalty?: number;
};

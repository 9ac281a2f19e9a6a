import type { DialectId } from './dialect.ts';
import type { Json, JsonObject } from './json.ts';

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
  /** Top-level fields without a name above, tagged with the dialect that understands them. */
  extra: { dialect: DialectId; fields: JsonObject };
  /**
   * Paths of nested fields without a name here, for example `messages[].name`. The caller's own bytes carry them;
   * whoever writes the call anew reports them as losses.
   */
  unread?: string[];
  /**
   * The body as it came. The same dialect sends it on with only what must differ replaced, so that
   * unknown fields survive at every depth. A step that rewrites the call removes it.
   */
  wire?: { dialect: DialectId; body: JsonObject };
};

export type Message =
  | { role: 'user'; parts: UserPart[] }
  | { role: 'assistant'; parts: AssistantPart[] }
  /** An instruction in the middle of a conversation (OpenAI `system` or `developer` after the first turn). */
  | { role: 'system'; parts: TextPart[] };

/** Marks the end of a prefix that the provider should cache. */
export type CacheMark = { lifetime: '5m' | '1h' };

export type TextPart = { kind: 'text'; text: string; cache?: CacheMark };

export type ImagePart = {
  kind: 'image';
  source: { kind: 'url'; url: string } | { kind: 'base64'; mediaType: string; data: string };
  detail?: 'auto' | 'low' | 'high';
  cache?: CacheMark;
};

export type ToolResultPart = {
  kind: 'tool-result';
  callId: string;
  parts: (TextPart | ImagePart | OpaquePart)[];
  isError?: boolean;
  cache?: CacheMark;
};

export type ThinkingPart = { kind: 'thinking'; text: string; signature?: string };

/** `input` is the JSON text of the arguments exactly as the model wrote it, which may be broken JSON. */
export type ToolCallPart = { kind: 'tool-call'; id: string; name: string; input: string; cache?: CacheMark };

/** A block that only its own dialect understands, kept as it came. */
export type OpaquePart = { kind: 'opaque'; dialect: DialectId; value: Json; cache?: CacheMark };

export type UserPart = TextPart | ImagePart | ToolResultPart | OpaquePart;
export type AssistantPart = TextPart | ThinkingPart | ToolCallPart | OpaquePart;

/** `schema` is a JSON schema. An opaque tool (a provider's own web search, say) keeps its wire form. */
export type Tool =
  | {
      kind: 'function';
      name: string;
      description?: string;
      schema?: Json;
      strict?: boolean;
      cache?: CacheMark;
    }
  | { kind: 'opaque'; dialect: DialectId; value: Json };

export type ToolChoice =
  | { kind: 'auto' }
  | { kind: 'none' }
  | { kind: 'required' }
  | { kind: 'tool'; name: string };

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

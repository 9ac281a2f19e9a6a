import type { SpanType } from '@app/contract';
import type { Json, Usage } from '@app/protocol';
import type { BillingFacts } from '@app/providers';

/** What the attributes of a span mean, in our words. Absent: the attributes do not say. */
export type MappedSpan = {
  /** By which convention it was read: `otel-genai`, `openinference`, `openllmetry`, `ai-sdk`, `langfuse`, `logfire`, `mlflow`, `none`. */
  convention: string;
  type: SpanType;
  /** The span itself made a call of a model. Spans that only sum what is below them do not, and are never priced. */
  isCall: boolean;
  name?: string;
  traceName?: string;
  provider?: string;
  /** The sender names no provider: it is the maker of the model, who may not be who served it. */
  isProviderGuessed?: true;
  modelAsked?: string;
  model?: string;
  /** The provider's own id of the reply. */
  responseId?: string;
  gatewayRequestId?: string;
  stream?: boolean;
  ttftMs?: number;
  /** Disjoint classes. */
  usage: Usage;
  billing: BillingFacts;
  /** What the sender says it cost, in dollars. */
  givenUsd?: number;
  finishReason?: string;
  errorCode?: string;
  errorMessage?: string;
  /** The HTTP status of the provider. */
  status?: number;
  toolName?: string;
  sessionId?: string;
  userId?: string;
  environment?: string;
  release?: string;
  service?: string;
  tags: readonly string[];
  promptName?: string;
  promptVersion?: string;
};

/**
 * What was asked and answered, as the attributes of a span say it: a request and a reply in the shape of `dialect`.
 * Read when a span is looked at, and for previews; nothing of it is stored twice.
 */
export type MappedContent = {
  /** How `request` and `reply` are to be read: a dialect of the protocol, or `json`. */
  dialect: string;
  request: Json | null;
  reply: Json | null;
  /** The text of the system prompt; empty without one. */
  systemPrompt: string;
};

/** Raised whenever the mapping gives another answer for the same attributes: what is older can be mapped again. */
export const MAPPING_VERSION = 1;

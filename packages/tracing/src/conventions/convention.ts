import type { SpanType } from '@app/contract';
import type { AttributedSpan } from '../received/received-span.ts';
import type { Counts, TokenRule } from './disjoint-usage.ts';
import type { MappedContent, MappedSpan } from './mapped-span.ts';

/** The columns that are one attribute each. */
export type TextField =
  | 'name'
  | 'traceName'
  | 'provider'
  | 'modelAsked'
  | 'model'
  | 'responseId'
  | 'gatewayRequestId'
  | 'finishReason'
  | 'toolName'
  | 'sessionId'
  | 'userId'
  | 'environment'
  | 'release'
  | 'promptName'
  | 'promptVersion'
  | 'errorCode'
  | 'errorMessage'
  | 'serviceTier';

/** The attributes that a column is read from: the first that says something is taken. */
export type TextNames = { readonly [field in TextField]?: readonly string[] };

/** The attributes of each count of tokens, as the convention has them. */
export type TokenNames = { readonly [count in keyof Counts]?: readonly string[] };

export type SpanKind = {
  type: SpanType;
  /** False for what only sums the calls below it. */
  isCall: boolean;
};

/** What one family of senders writes, and what it means by it. Mostly data; code only where no table can say it. */
export type Convention = {
  id: string;
  texts: TextNames;
  tokens: TokenNames;
  streams?: readonly string[];
  /** Time to the first token, by the unit it is told in. */
  ttftMs?: readonly string[];
  ttftSeconds?: readonly string[];
  /** The start of the first token, as a moment. */
  ttftAt?: readonly string[];
  /** An event of the span that marks the first token. */
  ttftEvent?: string;
  costs?: readonly string[];
  tags?: readonly string[];
  kindOf(span: AttributedSpan): SpanKind;
  /** Counts that are not one attribute each. */
  countsOf?(span: AttributedSpan): Counts;
  /** What the sender's counts include, by what is known of the provider. */
  ruleOf?(provider: string | undefined, span: AttributedSpan): TokenRule;
  /** What no table says. Comes last and may overwrite. */
  more?(span: AttributedSpan, mapped: MappedSpan): void;
  contentOf(span: AttributedSpan, kind: SpanKind): MappedContent;
};

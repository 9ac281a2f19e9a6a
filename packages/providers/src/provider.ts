import type { DialectId, Paths } from '@app/protocol';
import type { Quirks } from './quirks.ts';
import type { Secret } from './secret.ts';

/** A place that answers calls: a row of data, never code. */
export type Provider = {
  /** Unique in the installation; callers may write `id/model`. */
  id: string;
  dialect: DialectId;
  /** Absolute, without a trailing slash; the dialect's path is appended, for example `https://api.openai.com/v1`. */
  baseUrl: string;
  auth: Auth;
  /** Sent with every request, for example `anthropic-version`. */
  headers: { [name: string]: string };
  /** Where its paths under the base URL differ from the dialect's; `{model}` as there. */
  paths?: Paths;
  /** How it departs from its dialect. */
  quirks?: Quirks;
  /** How its streams are cut into frames; server-sent events when absent. */
  framing?: 'aws-event-stream';
  /** Other ways to speak to it; what must be taken comes first. */
  also?: readonly Way[];
};

/**
 * Another way to speak to the same provider: for callers of that dialect, who then get the provider's own bytes.
 * `models`: only for models whose names begin with one of these. `isRequired`: whoever calls, these models have no
 * other way. The row inside has no ways of its own.
 */
export type Way = { provider: Provider; models?: readonly string[]; isRequired?: true };

/** How the credential travels. `secret` is bound to this provider's origin and goes nowhere else. */
export type Auth =
  | { kind: 'bearer'; secret: Secret }
  | { kind: 'header'; name: string; secret: Secret }
  | { kind: 'none' };

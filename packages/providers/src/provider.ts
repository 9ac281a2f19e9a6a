import type { DialectId } from '@app/protocol';
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
};

/** How the credential travels. `secret` is bound to this provider's origin and goes nowhere else. */
export type Auth =
  | { kind: 'bearer'; secret: Secret }
  | { kind: 'header'; name: string; secret: Secret }
  | { kind: 'none' };

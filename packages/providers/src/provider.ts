import type { DialectId, Paths } from '@app/protocol';
import type { Operation } from './operations.ts';
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
  /** The known provider that it is, where its id is a name of the operator's own. */
  kind?: string;
  /** What it can do besides conversations, where the operator says so; else what is known of it. */
  operations?: readonly Operation[];
  /** Other ways to speak to it; what must be taken comes first. */
  also?: readonly Way[];
};

/**
 * Another way to speak to the same provider: for callers of that dialect, who then get the provider's own bytes.
 * `models`: only for models whose names begin with one of these. `isRequired`: whoever calls, these models have no
 * other way. `isPreferred`: callers of a third dialect lose less this way. The row inside has no ways of its own.
 */
export type Way = { provider: Provider; models?: readonly string[]; isRequired?: true; isPreferred?: true };

/** How the credential travels. `secret` is bound to this provider's origin and goes nowhere else. */
export type Auth =
  | { kind: 'bearer'; secret: Secret }
  | { kind: 'header'; name: string; secret: Secret }
  | AwsAuth
  | GoogleAuth
  | { kind: 'none' };

/** A signature over each request (SigV4). `secret` is the secret access key. */
export type AwsAuth = {
  kind: 'aws-sigv4';
  region: string;
  /** As the signature names it: `bedrock`. */
  service: string;
  accessKeyId: string;
  secret: Secret;
  sessionToken?: Secret;
};

/** A token that Google gives for a service account's key. `credentials` is the key file's JSON. */
export type GoogleAuth = { kind: 'google-oauth'; credentials: Secret; scopes: readonly string[] };

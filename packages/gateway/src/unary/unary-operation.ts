import type { CallerDialectId, Json, JsonObject, Loss, Usage } from '@app/protocol';
import type { BillingFacts, Cost, Operation } from '@app/providers';
import type { Principal, ProviderRequest, Snapshot, Target, Tenant } from '../ports.ts';
import type { Headers } from '../reply/reply-headers.ts';
import type { Multipart } from './multipart/read-multipart.ts';

/** One request with one answer that is no conversation: a value, from which the edge makes an address. */
export type UnaryOperation = {
  method: 'GET' | 'POST' | 'DELETE';
  /** The path as documented; `{name}` is a part of it that the caller chooses. Also the route of the record. */
  route: string;
  /** Whose envelope its errors have. */
  dialect: CallerDialectId;
  body: 'json' | 'multipart' | 'none';
  /**
   * What is to be done for this request. Throws, or rejects with, a `GatewayError` for a request that makes no sense
   * or asks for what is not the caller's.
   */
  read(input: UnaryInput): UnaryOrder | Promise<UnaryOrder>;
};

/** A request as the edge read it. */
export type UnaryInput = {
  /** Present for an operation with a JSON body. */
  json: JsonObject;
  /** Present for an operation with a multipart body. */
  form: Multipart;
  /** The parts of the path that the caller chose, decoded. */
  params: { readonly [name: string]: string };
  query: { readonly [name: string]: string };
  /** The provider that the caller names (`x-tokenrouter-provider`). */
  providerId: string | undefined;
  /** Headers that belong to the caller's dialect. */
  dialectHeaders: Headers;
  principal: Principal;
};

export type UnaryOrder = ProviderOrder | LocalOrder;

/** Asks a provider. */
export type ProviderOrder = {
  kind: 'provider';
  ability: Operation;
  /** As the caller spells it; absent where the provider's own choice will do. */
  model: string | undefined;
  /** The one provider that may answer: the caller named it, or it keeps the object that is meant. */
  providerId?: string | undefined;
  user?: string | undefined;
  isStream?: boolean;
  /** Never costs anything, whoever answers. */
  isFree?: true;
  /**
   * How limits on tokens and money see what is free to ask but not to have done. `begins`: refused where they are spent.
   * `owes`: counted when it tells what was used, and never refused.
   */
  spending?: 'begins' | 'owes';
  /** Throws a `GatewayError` when the target cannot be asked this. */
  write(target: Target): UnaryRequest;
  /** Told of the status with which the last target that was asked said no. */
  onRefused?: (status: number) => void;
  /** How the answer reaches the caller. */
  answer: Passing | Reading;
  /** What is answered when no target can, or none of those that can did. */
  fallback?: () => Promise<UnaryReply>;
};

/** Answers from what we know ourselves. */
type LocalOrder = { kind: 'local'; reply(): UnaryReply | Promise<UnaryReply> };

/** A request to a target, and what its provider will not be told. */
export type UnaryRequest = Pick<
  ProviderRequest,
  'provider' | 'method' | 'path' | 'headers' | 'body' | 'bytes'
> & {
  losses: readonly Loss[];
};

/**
 * The bytes go on as they come, and what they say about usage is read on the way. `isOpaque`: they are somebody's file,
 * of which nothing is read.
 */
type Passing = { kind: 'pass'; readUsage: ReadUsage; isOpaque?: true };

/** The whole answer is read before the caller gets any of it. */
type Reading = { kind: 'read'; read(came: Came): UnaryReply | Promise<UnaryReply> };

/** A provider's whole answer: its bytes, and what they say as JSON. */
export type Came = { bytes: Buffer; parse(): Json; target: Target };

/** What an answer cost its provider, as far as it says. */
export type Metered = { usage: Usage } & Omit<BillingFacts, 'estimated'>;

/** Takes the answer's `usage` object. */
export type ReadUsage = (stated: JsonObject) => Metered;

/** What the caller gets. */
export type UnaryReply = {
  /** The provider's own bytes when absent. */
  body?: JsonObject;
  headers?: Headers;
  metered?: Metered;
  /** The figures are our own. */
  isEstimated?: boolean;
  /** What was metered is no news: another request was charged for it. */
  cost?: Cost;
  /** Kept in the record as what was answered; absent where that would tell nobody anything. */
  shown?: string;
};

/** Targets that can do one thing. */
export type OperationQuestion = {
  operation: Operation;
  model: string | undefined;
  providerId: string | undefined;
  mode: 'live' | 'test';
  /** Whose call it is, where that decides which providers and keys there are. */
  tenant?: Tenant;
};

/** What else is looked up without waiting. */
export type UnarySnapshot = Snapshot & {
  /** `isKnown` is false when nobody serves the model at all, whatever for. */
  findOperationTargets(question: OperationQuestion): { targets: readonly Target[]; isKnown: boolean };
};

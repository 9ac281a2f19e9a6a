import type { Permission } from '@app/contract';
import type { DialectId, GatewayError, Loss, Reply, Usage } from '@app/protocol';
import type { BillingFacts, Cost, Operation, Price, Provider } from '@app/providers';
import type { AppliedLimit, LimitFacts } from './limits/limit.ts';

/** Epoch time for records and a monotonic reading for durations, both in milliseconds with a fraction. */
export type Clock = { nowMs(): number; monotonicMs(): number };

/** Runs `run` once after `delayMs`; the returned function cancels it. */
export type Schedule = (delayMs: number, run: () => void) => () => void;

/** What is kept of a call: all, all but private values, or who called which model when and what it used. */
export type Capture = 'full' | 'redacted' | 'metadata';

/** Who calls: what an API key stands for. Kept in memory for every key, so it stays small. */
export type Principal = {
  keyId: string;
  /** What people call it; absent where that is not known. */
  keyName?: string;
  organizationId: string;
  projectId: string;
  kind: 'gateway' | 'ingest';
  mode: 'live' | 'test';
  environment: string;
  permissions: ReadonlySet<Permission>;
  /** Epoch milliseconds. */
  expiresAtMs: number | undefined;
  /** `Infinity` for no limit. */
  requestsPerMinuteMax: number;
  /** `Infinity` for no limit. */
  concurrencyMax: number;
  capture: Capture;
  /** Only these models, providers and addresses, where the key names any. */
  allowed?: Allowed;
  /** Labels that limits may count by. */
  tags?: readonly string[];
};

/** Whose call it is, as far as that decides which providers and keys there are. */
export type Tenant = Pick<Principal, 'organizationId' | 'projectId'>;

/** What a key is confined to; an absent list confines nothing. */
export type Allowed = {
  /** Names as a caller writes them, `provider_id/model`, or with a `*` at the end. */
  models?: readonly string[];
  providers?: readonly string[];
  /** Whether a caller's address is in the key's ranges. */
  hasAddress?: (ip: string) => boolean;
};

/** One place that could answer a call: a provider and its own name for the model. */
export type Target = {
  provider: Provider;
  model: string;
  price: Price | undefined;
  /** The most tokens its model writes in one reply, where that is known. */
  outputTokensMax?: number;
  /** Which of the provider's keys answers, by a name that may be shown; absent for the operator's only one. */
  credential?: string;
  /** The keys to choose from, each time that this target is tried, where `credential` names none yet. */
  keys?: TargetKeys;
};

/** The keys that a provider may be called with for one principal. They live long: what they hear counts for every call. */
export type TargetKeys = {
  /**
   * The key whose turn it is, of those that this call has not `tried`. Keys that the provider refused lately are left
   * out, unless `evenCooling`. Undefined when none is left.
   */
  pick(tried: readonly string[], evenCooling: boolean): TargetKey | undefined;
  /** Always the same key as long as the keys are the same: for what a provider keeps in the account of its key. */
  first(): TargetKey | undefined;
};

/** One key of a provider. */
export type TargetKey = {
  /** What calls and their records name it by; nothing secret. */
  id: string;
  /** The row with this key in the place of its own, or undefined where the key must not go. */
  applyTo(provider: Provider): Provider | undefined;
  /** The provider refused a call made with this key. */
  onRefused(refusal: KeyRefusal): void;
};

/** `status` is the provider's; `retryAfterS` what it asked to wait. */
export type KeyRefusal = { status: number; retryAfterS: number | undefined };

/** What the journey looks up without waiting: keys, models and prices in memory. */
export type Snapshot = {
  /** `digest` is the HMAC-SHA-256 of the presented key under the installation's pepper, in base64url. */
  findPrincipal(digest: string): Principal | undefined;
  /**
   * Targets that serve this name, in order of preference; empty when nobody does. With a principal, they come with the
   * keys that are its own or its organization's, and with the providers that only these reach.
   */
  findTargets(model: string, mode: 'live' | 'test', principal?: Tenant): readonly Target[];
  /** Names tried in order when the caller named no model. */
  modelOrder(mode: 'live' | 'test', principal?: Tenant): readonly string[];
  /**
   * Every limit that applies to this principal's call: of its organization, project, key, user, tags and, once `target`
   * is known, model. Absent where nothing is limited. Takes time by what applies, not by how many there are.
   */
  findLimits?(principal: Principal, facts: LimitFacts): readonly AppliedLimit[];
  /** For calls that bring their own keys. Without it such keys are used nowhere. */
  ownKeys?: OwnKeys;
};

/** Where keys that came with a call may be sent. */
export type OwnKeys = {
  /** The known provider whose own origin this row has; undefined where no caller's key may go. */
  ownerOf(provider: Provider): string | undefined;
  /** Who serves this name among those of the named known providers that the operator has no row of. */
  findTargets(model: string, providers: Iterable<string>): readonly Target[];
  /** The same for what is no conversation. */
  findOperationTargets(question: OwnQuestion, providers: Iterable<string>): readonly Target[];
};

export type OwnQuestion = {
  operation: Operation;
  model: string | undefined;
  providerId: string | undefined;
};

/** One HTTP request to a provider, without its credential, which only the outbound client adds. */
export type ProviderRequest = {
  provider: Provider;
  /** A `test` request reaches the sandbox and nothing else. */
  mode: 'live' | 'test';
  /** `POST` when absent. */
  method?: 'GET' | 'POST' | 'DELETE';
  /** Joined to the provider's base URL. */
  path: string;
  headers: { [name: string]: string };
  /** Empty for a request without a body, and where `bytes` are sent instead. */
  body: string;
  /** A body that is no text. */
  bytes?: Uint8Array;
};

/** Receives a provider's answer. After `onEnd` or `onError` (exactly one, once) nothing more is called. */
export type ProviderReply = {
  onHead(status: number, headers: { [name: string]: string | undefined }): void;
  onChunk(bytes: Uint8Array): void;
  onEnd(): void;
  onError(error: GatewayError): void;
};

/** A request under way. `cancel` closes the connection; nothing is called afterwards. */
export type Sending = { pause(): void; resume(): void; cancel(): void };

/** Sends to a provider. Callbacks, because a promise per chunk costs more than the rest of the relay. */
export type Send = (request: ProviderRequest, reply: ProviderReply) => Sending;

/** The caller's side of the reply. The edge implements it on a socket. */
export type Caller = {
  /** Once, before the first bytes. */
  head(status: number, headers: { [name: string]: string }): void;
  /** False when the socket is full: nothing more is written until `onDrain`'s function ran. */
  write(bytes: string | Uint8Array): boolean;
  /** Runs `run` once, at the next drain. Asked for after each `write` that gave false. */
  onDrain(run: () => void): void;
  /** A reply that is complete. */
  end(): void;
  /** A stream that failed: what was written is flushed, then the connection closes without a clean end. */
  abort(): void;
};

export type AttemptRecord = {
  spanId: string;
  provider: string;
  model: string;
  /** Which of the provider's keys it was made with, where there are several or it is not the operator's. */
  credential?: string;
  startedAtMs: number;
  endedAtMs: number;
  /** Milliseconds to the first part; absent when there was none. */
  ttftMs: number | undefined;
  /** Absent when no answer came. */
  status: number | undefined;
  outcome: 'ok' | 'failed' | 'cancelled';
  errorCode: string | undefined;
  errorMessage: string | undefined;
  usage: Usage;
  /** What decided the cost beside the tokens; absent where nothing did. */
  billing?: BillingFacts;
  cost: Cost;
};

/** What limits did to a call, by the limit's id and, where it has one, its name at that time. */
export type LimitEffects = {
  refusedBy?: string;
  refusedByName?: string;
  /** The cap on output tokens that was sent in the place of the caller's, or of none. */
  outputTokensMax?: number;
  /** The budget that sent the call to another model. */
  routedBy?: string;
  routedByName?: string;
};

/** Everything a call was, written once when it is over. */
export type CallRecord = {
  requestId: string;
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  organizationId: string;
  projectId: string;
  keyId: string;
  mode: 'live' | 'test';
  environment: string;
  userId: string | undefined;
  /** What belongs together for the caller; absent when nothing was said. */
  sessionId?: string | undefined;
  route: string;
  dialect: DialectId;
  stream: boolean;
  startedAtMs: number;
  endedAtMs: number;
  ttftMs: number | undefined;
  modelAsked: string | undefined;
  provider: string | undefined;
  model: string | undefined;
  /** The status the caller saw; 499 when the caller left first. A stream that broke off keeps its 200 and has an error code. */
  status: number;
  errorCode: string | undefined;
  errorMessage: string | undefined;
  usage: Usage;
  cost: Cost;
  losses: readonly Loss[];
  attempts: readonly AttemptRecord[];
  /** The key's labels and the call's own; absent when it has none. */
  tags?: readonly string[];
  /** What limits did to the call; absent when they did nothing. */
  limits?: LimitEffects;
  /** Private values have to be taken out before it is stored; absent where it is kept as it came. */
  mustRedact?: true;
  /** The request body as it came, as JSON text; absent when the project captures metadata only. */
  request: string | undefined;
  /** What was produced, as far as it came; absent under `metadata` and when nothing came. */
  reply: Reply | undefined;
};

/** Returns when the record is in the kernel's hands, so that it survives a kill of this process. Never throws. */
export type RecordCall = (record: CallRecord) => void;

/**
 * The same for a caller that can wait for the end of this turn of the event loop, so that its calls are written together:
 * `onKept` runs once, now or then, when the record is in the kernel's hands. Never throws.
 */
export type RecordSoon = (record: CallRecord, onKept: () => void) => void;

import type { Loss, Reply, Usage } from '@app/protocol';
import type { BillingFacts, Cost } from '@app/providers';

/** One try at one provider, as part of a call. */
export type AttemptSpan = {
  spanId: string;
  provider: string;
  model: string;
  /** Which of the provider's keys it was made with, by a name that may be shown; absent where that is plain. */
  credential?: string;
  /** Epoch milliseconds with a fraction. */
  startedAtMs: number;
  endedAtMs: number;
  /** Milliseconds from the start to the first part. */
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

/** What tracing needs to know of a call that is over. The gateway's own record of a call is one. */
export type CallSpan = {
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
  dialect: string;
  stream: boolean;
  startedAtMs: number;
  endedAtMs: number;
  ttftMs: number | undefined;
  modelAsked: string | undefined;
  provider: string | undefined;
  model: string | undefined;
  status: number;
  errorCode: string | undefined;
  errorMessage: string | undefined;
  usage: Usage;
  cost: Cost;
  losses: readonly Loss[];
  attempts: readonly AttemptSpan[];
  /** The key's labels and the call's own; absent when it has none. */
  tags?: readonly string[];
  /** Absent when limits did nothing to it. */
  limits?: LimitEffects;
  /** Private values have to be taken out before it is stored; absent where it is kept as it came. */
  mustRedact?: true;
  /** The request body as it came; absent when content is not captured. */
  request: string | undefined;
  /** Absent when content is not captured or nothing came. */
  reply: Reply | undefined;
};

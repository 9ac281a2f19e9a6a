import type { Span, Trace } from '@app/contract';

/** A call as it is handed out: everything that is kept of it. */
export type ExportedCall = {
  traceId: string;
  requestId: string;
  keyId: string;
  userId: string | null;
  sessionId: string | null;
  tags: readonly string[];
  mode: 'live' | 'test';
  environment: string;
  span: Span;
  attempts: readonly Span[];
  request: Trace['request'];
  reply: Trace['reply'];
};

import type { Asked } from '../asked.ts';
import type { Outcome } from '../outcome.ts';
import type { UnaryInput, UnaryOperation } from './unary-operation.ts';

/** What the edge knows of a request that is no conversation, once its key was accepted and its body was read. */
export type UnaryAsked = Pick<
  Asked,
  | 'dialect'
  | 'route'
  | 'principal'
  | 'requestId'
  | 'receivedAt'
  | 'traceparent'
  | 'capture'
  | 'unsupported'
  | 'sessionId'
  | 'tags'
  | 'callerKeys'
  | 'warnings'
> & {
  operation: UnaryOperation;
  /** The request, or why it could not be read. */
  input: Outcome<UnaryInput>;
  /** The body as it came when it is JSON; empty for everything else. */
  bodyText: string;
};

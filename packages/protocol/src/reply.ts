import type { AssistantPart } from './call.ts';
import type { StopReason } from './event.ts';
import type { Billing, Usage } from './usage.ts';

/** A finished reply: what its events add up to. */
export type Reply = Billing & {
  id: string;
  model: string;
  parts: AssistantPart[];
  stop: StopReason;
  /** The provider's own word for `stop`. */
  rawStop?: string;
  /** The caller's own sequence that ended the reply. */
  stopSequence?: string;
  usage: Usage;
  /** The provider's figures contradict each other, so `usage` is our best reading of them. */
  usageEstimated?: true;
};

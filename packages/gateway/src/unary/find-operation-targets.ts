import type { GatewayError } from '@app/protocol';
import type { CallerKeys } from '../asked.ts';
import type { Target } from '../ports.ts';
import { findUnfit, withCallerKeys } from '../routing/caller-keys.ts';
import type { OperationQuestion, UnarySnapshot } from './unary-operation.ts';

/** `refusal` says why nobody is left where the caller's keys are the reason. */
type Found = { targets: readonly Target[]; isKnown: boolean; refusal?: GatewayError };

/** Who can do what is asked for this caller: those its own keys reach, and those of ours that its mode lets in. */
export function findOperationTargets(
  snapshot: UnarySnapshot,
  callerKeys: CallerKeys | undefined,
  question: OperationQuestion,
): Found {
  const found = snapshot.findOperationTargets(question);
  const { ownKeys } = snapshot;
  if (callerKeys === undefined || ownKeys === undefined) return found;
  const known = ownKeys.findOperationTargets(question, callerKeys.byProvider.keys());
  const targets = withCallerKeys(callerKeys, ownKeys, [...found.targets, ...known]);
  const isKnown = found.isKnown || known.length > 0;
  if (targets.length > 0 || callerKeys.mode !== 'inline') return { targets, isKnown };
  const refusal = findUnfit([question.model ?? question.operation], found.targets);
  return { targets, isKnown, ...(refusal === undefined ? {} : { refusal }) };
}

import type { Call, Loss } from '@app/protocol';
import type { Asked } from '../asked.ts';
import type { ProviderRequest, Target } from '../ports.ts';
import { capOutput } from './cap-output.ts';
import { writeRequest } from './write-request.ts';

export type LimitedOrder = {
  asked: Asked;
  call: Call;
  /** The cap that limits leave the output; absent where they leave the caller's. */
  outputTokensMax: number | undefined;
  /** A budget sent the call to another model. */
  isRouted: boolean;
};

/** The call for a target as limits leave it, and what was lost: what limits changed comes first. */
export function writeLimited(
  { asked, call, outputTokensMax, isRouted }: LimitedOrder,
  target: Target,
): { request: ProviderRequest; losses: readonly Loss[] } {
  const capped = outputTokensMax === undefined ? undefined : capOutput(call, outputTokensMax);
  const written = writeRequest({ asked, call: capped?.call ?? call }, target);
  if (capped === undefined && !isRouted) return written;
  const ours: Loss[] = isRouted ? [{ path: 'model', why: 'changed' }] : [];
  if (capped !== undefined) ours.push(capped.loss);
  const others = written.losses.filter(({ path }) => !ours.some((own) => own.path === path));
  return { request: written.request, losses: [...ours, ...others] };
}

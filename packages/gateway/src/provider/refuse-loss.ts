import { GatewayError, type Loss } from '@app/protocol';

/** Throws 400 `unsupported_parameter` for the first thing that the target's dialect cannot say at all. */
export function refuseLoss(losses: readonly Loss[]): void {
  const loss = losses.find(({ why }) => why === 'unsupported');
  if (loss === undefined) return;
  const message = `\`${loss.path}\` is not supported by the model that would answer.`;
  throw new GatewayError('unsupported_parameter', message, { param: loss.path, retryable: false });
}

import {
  type Counting,
  openSessionSpending,
  openTargetQueue,
  type Reserve,
  type SessionSpending,
  type Target,
} from '@app/gateway';
import { GatewayError } from '@app/protocol';
import type { WebSocket } from 'ws';
import { type OpenProviderSocket, refusedStatusOf } from '../outbound/open-provider-socket.ts';

export type ReachInput = {
  openSocket: OpenProviderSocket;
  reserve: Reserve;
  counting: Counting;
  /** In their order. */
  targets: readonly Target[];
  /** The header `openai-beta` as it came. */
  beta: string | string[] | undefined;
  messageBytesMax: number;
  /** Limits let no further response through. */
  onSpent(error: GatewayError): void;
};

export type Reached = { target: Target; provider: WebSocket; spending: SessionSpending };

/** The first target that limits let through and that opens a session. Rejects with why the first of them did not. */
export async function reachProvider(input: ReachInput): Promise<Reached> {
  const { beta, counting, messageBytesMax } = input;
  const headers: { [name: string]: string } =
    typeof beta === 'string' && /^[\w=.,; -]{1,200}$/.test(beta) ? { 'openai-beta': beta } : {};
  const queue = openTargetQueue(input.targets);
  let failure: unknown;
  for (let target = queue.next(); target !== undefined; target = queue.next()) {
    const spending = openSessionSpending({ ...input, target });
    const refusal = await new Promise<GatewayError | undefined>((done) => spending.begin(done));
    if (refusal !== undefined) {
      failure ??= refusal;
      queue.onFailed(undefined, undefined);
      continue;
    }
    try {
      const path = `/realtime?model=${encodeURIComponent(target.model)}`;
      const { mode } = counting.principal;
      const asked = { provider: target.provider, mode, path, headers, messageBytesMax };
      return { target, spending, provider: await input.openSocket(asked) };
    } catch (error) {
      spending.close(false);
      failure = error;
      queue.onFailed(refusedStatusOf(error), undefined);
    }
  }
  throw failure ?? new GatewayError('no_target_available', 'No provider is available.');
}

import type { Schedule } from '@app/gateway';
import { GatewayError } from '@app/protocol';
import type { AllowedHosts } from '../outbound/allowed-hosts.ts';
import { askForHead } from '../outbound/ask-for-head.ts';
import type { Resolve } from '../outbound/create-connector.ts';
import { createEndpoints, outboundDefaults } from '../outbound/create-endpoints.ts';

export type PostDeps = {
  allowedHosts: AllowedHosts;
  resolve: Resolve;
  schedule: Schedule;
  /** From the look-up of the name to the last byte of the answer. */
  deadlineMs?: number;
  /** Certificate authorities in PEM instead of the built-in ones. */
  ca?: string;
};

/** Sends JSON once and gives the answer's head. Rejects with a `GatewayError` when none comes. */
export type Post = (request: {
  url: string;
  headers: { [name: string]: string };
  body: string;
}) => Promise<{ status: number; retryAfter: string | undefined }>;

const DEADLINE_MS = 10_000;

/**
 * By the guarded way of calls, over a connection of its own that is closed afterwards: the name is looked up and every
 * address checked at each sending, not only when the URL was saved.
 */
export function createPost(deps: PostDeps): Post {
  const { deadlineMs = DEADLINE_MS, schedule } = deps;
  const limits = {
    ...outboundDefaults,
    connectTimeoutMs: deadlineMs,
    silenceTimeoutMs: deadlineMs,
    connectionsPerOriginMax: 1,
  };
  return async ({ url, headers, body }) => {
    const endpoints = createEndpoints({ ...deps, limits });
    const stop = () => endpoints.stop((pool) => pool.destroy());
    let isLate = false;
    const cancel = schedule(deadlineMs, () => {
      isLate = true;
      void stop();
    });
    try {
      const sent = { 'content-type': 'application/json; charset=utf-8', ...headers };
      return await askForHead(endpoints, { url: new URL(url), headers: sent, body });
    } catch (error) {
      throw isLate ? new GatewayError('provider_timeout', 'It did not answer in time.') : error;
    } finally {
      cancel();
      await stop();
    }
  };
}

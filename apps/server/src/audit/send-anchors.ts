import type { Schedule } from '@app/gateway';
import type { Log } from '@app/store';
import type { Post } from '../destinations/create-post.ts';
import type { Anchor } from './anchor-record.ts';

export type SendAnchorsDeps = { url: string; post: Post; schedule: Schedule; log: Log };

const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 300_000;

/**
 * Sends anchors to a place that this machine cannot change, one after the other, and tries again for as long as it
 * takes. Of a chain only the newest waits: it vouches for all before it.
 */
export function openAnchorSending({ url, post, schedule, log }: SendAnchorsDeps) {
  const waiting = new Map<string, Anchor>();
  let retryMs = RETRY_MS_MIN;
  let isSending = false;
  let cancel = () => {};

  async function sendAll(): Promise<void> {
    for (const [organizationId, anchor] of waiting) {
      const headers = { 'x-tokenrouter-kind': 'audit-anchor' };
      const { status } = await post({ url, headers, body: JSON.stringify(anchor) });
      if (status < 200 || status > 299) throw new Error(`The receiver of audit anchors answered ${status}.`);
      if (waiting.get(organizationId) === anchor) waiting.delete(organizationId);
    }
  }

  async function run(): Promise<void> {
    if (isSending) return;
    isSending = true;
    try {
      while (waiting.size > 0) await sendAll();
      retryMs = RETRY_MS_MIN;
    } catch (err) {
      log.warn({ err, waiting: waiting.size }, 'Audit anchors wait for their receiver.');
      cancel = schedule(retryMs, () => void run());
      retryMs = Math.min(2 * retryMs, RETRY_MS_MAX);
    } finally {
      isSending = false;
    }
  }

  return {
    send(anchor: Anchor): void {
      waiting.set(anchor.organization_id, anchor);
      if (retryMs === RETRY_MS_MIN) void run();
    },
    /** Tries once more. */
    close: async (): Promise<void> => {
      cancel();
      if (waiting.size > 0) await run();
      cancel();
    },
  };
}

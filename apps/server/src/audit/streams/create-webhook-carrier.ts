import type { Secret } from '@app/providers';
import type { Post } from '../../destinations/create-post.ts';
import { signMessage } from '../../destinations/sign-message.ts';
import { showEvent } from '../show-event.ts';
import type { Carrier } from './open-audit-stream.ts';

type WebhookDeps = { url: string; secret: Secret; post: Post; nowMs: () => number };

/** Of the largest events, so many make less than a megabyte. */
const BATCH_MAX = 20;

/**
 * Posts events as `{"organization_id": ..., "events": [...]}`, signed as every webhook is (`x-tokenrouter-signature`). A
 * receiver may see an event twice, and knows it by its id.
 */
export function createWebhookCarrier({ url, secret, post, nowMs }: WebhookDeps): Carrier {
  return {
    name: 'webhook',
    batchMax: BATCH_MAX,
    async carry(organizationId, events) {
      const body = JSON.stringify({ organization_id: organizationId, events: events.map(showEvent) });
      const signature = signMessage(secret.reveal(), { body, atMs: nowMs() });
      const headers = { 'x-tokenrouter-kind': 'audit-events', 'x-tokenrouter-signature': signature };
      const { status } = await post({ url, headers, body });
      if (status < 200 || status > 299) throw new Error(`The receiver of audit events answered ${status}.`);
    },
    close: () => undefined,
  };
}

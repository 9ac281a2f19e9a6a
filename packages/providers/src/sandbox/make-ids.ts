import { createHash } from 'node:crypto';
import type { CallerDialectId } from '@app/protocol';

/** Ids in the provider's form, the same ones for the same request. */
export type Ids = { reply: string; request: string; toolCall(index: number): string; signature: string };

/** Derives every id of an answer from the request's body. */
export function makeIds(dialect: CallerDialectId, body: string): Ids {
  const digest = (purpose: string): string =>
    createHash('sha256').update(purpose).update('\0').update(body).digest('base64').replace(/[+/=]/g, '0');
  const isAnthropic = dialect === 'anthropic-messages';
  return {
    reply: `${isAnthropic ? 'msg_01' : 'chatcmpl-'}${digest('reply').slice(0, 22)}`,
    request: `${isAnthropic ? 'req_01' : 'req_'}${digest('request').slice(0, 22)}`,
    toolCall: (index) => `${isAnthropic ? 'toolu_01' : 'call_'}${digest(`tool ${index}`).slice(0, 22)}`,
    signature: digest('signature'),
  };
}

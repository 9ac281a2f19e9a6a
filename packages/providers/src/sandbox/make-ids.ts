import { createHash } from 'node:crypto';
import type { CallerDialectId, Maker } from '@app/protocol';

/** Ids in the provider's form, the same ones for the same request. */
export type Ids = {
  reply: string;
  request: string;
  toolCall(index: number): string;
  signature: { maker: Maker; value: string };
};

/** Derives every id of an answer from the request: `seed` is all of it that the answer depends on. */
export function makeIds(dialect: CallerDialectId, seed: string): Ids {
  const digest = (purpose: string): string =>
    createHash('sha256').update(purpose).update('\0').update(seed).digest('base64').replace(/[+/=]/g, '0');
  const { reply, request, toolCall, maker } = FORMS[dialect];
  return {
    reply: `${reply}${digest('reply').slice(0, 22)}`,
    request: `${request}${digest('request').slice(0, 22)}`,
    toolCall: (index) => `${toolCall}${digest(`tool ${index}`).slice(0, 22)}`,
    signature: { maker, value: digest('signature') },
  };
}

type Form = { reply: string; request: string; toolCall: string; maker: Maker };

/** How the ids of each dialect begin. Gemini's have no beginning of their own. */
const FORMS: Record<CallerDialectId, Form> = {
  'openai-chat': { reply: 'chatcmpl-', request: 'req_', toolCall: 'call_', maker: 'openai' },
  'openai-responses': { reply: 'resp_', request: 'req_', toolCall: 'call_', maker: 'openai' },
  'openai-completions': { reply: 'cmpl-', request: 'req_', toolCall: 'call_', maker: 'openai' },
  'anthropic-messages': { reply: 'msg_01', request: 'req_01', toolCall: 'toolu_01', maker: 'anthropic' },
  gemini: { reply: '', request: '', toolCall: '', maker: 'google' },
};

import type { GatewayError } from '@app/protocol';
import { renderError } from '../../http/render-error.ts';
import type { TakenBatch } from '../../ingest/create-take-batch.ts';

/** One reply, whole. */
export type Answer = { status: number; headers: { [name: string]: string }; body: string | Buffer };

/** How an address answers, in the format that its senders expect. */
export type AnswerFormat = {
  taken(batch: TakenBatch): Answer;
  refused(error: GatewayError, requestId: string): Answer;
};

/** An error in our own envelope, with the headers that every error has. */
export function refusedAsOurs(error: GatewayError, requestId: string): Answer {
  return renderError(error, requestId, 'openai-chat');
}

export function asJson(status: number, value: object): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(value),
  };
}

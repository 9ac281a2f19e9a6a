import type { GatewayError } from '@app/protocol';
import type { Asked, Running } from '../asked.ts';
import type { Outlet } from '../reply/outlet.ts';
import { errorHeaders, type Headers, jsonHeaders } from '../reply/reply-headers.ts';
import type { Settle } from './settle.ts';

/** What it takes to answer a call. `headers` are on every reply to it. */
export type Answer = { asked: Asked; outlet: Outlet; settle: Settle; headers: Headers };

/** The part of it that a refusal needs. */
export type Refusable = Omit<Answer, 'asked'> & { asked: Pick<Asked, 'dialect' | 'requestId'> };

/** Answers with an error in the caller's dialect. The record is safe before the first byte leaves. */
export function refuse({ asked, outlet, headers, settle }: Refusable, error: GatewayError): Running {
  // A dialect may have a status of its own for an error, and the record says what the caller saw.
  const { status, body } = asked.dialect.inbound.writeError(error, asked.requestId);
  if (settle({ status, error }) !== undefined) {
    const text = JSON.stringify(body);
    outlet.head(status, { ...headers, ...errorHeaders(error), ...jsonHeaders(text) });
    outlet.write(text);
    outlet.finish('end');
  }
  return { cancel: () => outlet.drop() };
}

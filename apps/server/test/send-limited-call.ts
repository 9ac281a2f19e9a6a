import { type Agent, request } from 'node:http';
import { type Behaviour, orderOf } from './open-billing-upstream.ts';

export type LimitCall = {
  url: string;
  agent: Agent;
  key: string;
  /** Under which the provider bills it. */
  label: string;
  behaviour?: Behaviour;
  /** Tokens that the provider writes, and the most that it may. */
  output?: number;
  outputMax?: number;
  isStream?: boolean;
  /** The caller leaves once it has so many tokens of a stream. */
  leavesAfter?: number;
};

/** How a call ended for its caller. `code` is the error's, of a stream too. */
export type LimitedOutcome = { status: number; code: string | undefined; text: string; isWhole: boolean };

/** One call; never rejects. Status 0 is a connection that broke before there was one. */
export function sendLimitedCall(call: LimitCall): Promise<LimitedOutcome> {
  const { behaviour = 'answer', output = 10, outputMax = output, label } = call;
  const { promise, resolve } = Promise.withResolvers<LimitedOutcome>();
  const outcome: LimitedOutcome = { status: 0, code: undefined, text: '', isWhole: false };
  const settle = () => resolve({ ...outcome, code: /"code":"(\w+)"/.exec(outcome.text)?.[1] });
  const sent = request(`${call.url}/v1/chat/completions`, {
    method: 'POST',
    agent: call.agent,
    headers: { authorization: `Bearer ${call.key}`, 'content-type': 'application/json' },
  });
  sent.on('error', settle);
  sent.on('response', (response) => {
    outcome.status = response.statusCode ?? 0;
    response.setEncoding('utf8');
    response.on('data', (piece: string) => {
      outcome.text += piece;
      if (outcome.text.split('word').length > (call.leavesAfter ?? Number.POSITIVE_INFINITY)) sent.destroy();
    });
    response.on('error', settle);
    response.on('end', () => {
      outcome.isWhole = true;
      settle();
    });
    response.on('close', settle);
  });
  sent.end(
    JSON.stringify({
      model: 'load',
      max_tokens: outputMax,
      ...(call.isStream === true ? { stream: true, stream_options: { include_usage: true } } : {}),
      messages: [{ role: 'user', content: orderOf({ label, behaviour, output }) }],
    }),
  );
  return promise;
}

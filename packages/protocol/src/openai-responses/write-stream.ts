import type { Call } from '../call.ts';
import type { Frame, ReplyFacts, StreamWriter } from '../dialect.ts';
import { DONE } from '../done-frame.ts';
import type { GatewayError } from '../error.ts';
import type { Event } from '../event.ts';
import type { JsonObject } from '../json.ts';
import type { Reply } from '../reply.ts';
import { writeResponse } from './echo.ts';
import { writeError } from './errors.ts';
import { frameOf, type Output, openOutput } from './output.ts';
import { writeStop } from './stops.ts';
import { closeParts, writePart } from './write-part.ts';
import { factFields } from './write-reply.ts';

type State = {
  response: JsonObject;
  output: Output;
  usage: Pick<Reply, 'usage' | 'serviceTier'>;
  phase: 'open' | 'ended' | 'failed';
};

/**
 * Writes the events of a response. One item is open at a time, so parts that alternate are held back until the one
 * before them is over.
 */
export function openWriter(call: Call, facts: ReplyFacts = {}): StreamWriter {
  const output = openOutput();
  const state: State = { response: {}, output, usage: { usage: {} }, phase: 'open' };
  return {
    write(event) {
      if (state.phase === 'failed') return [];
      switch (event.type) {
        case 'reply-start': {
          output.replyId = facts.id ?? event.id;
          state.response = writeResponse({ id: output.replyId, model: event.model }, { call, ...facts });
          return [
            frameOf(output, 'response.created', { response: state.response }),
            frameOf(output, 'response.in_progress', { response: state.response }),
          ];
        }
        case 'usage':
          state.usage.usage = { ...state.usage.usage, ...event.usage };
          if (event.serviceTier !== undefined) state.usage.serviceTier = event.serviceTier;
          return [];
        case 'reply-end':
          return endReply(state, event);
        case 'error':
          state.phase = 'failed';
          return [errorFrame(output, event.error, facts.requestId ?? '')];
        default:
          return writePart(output, event);
      }
    },
    end: () => (state.phase === 'ended' ? [{ data: DONE }] : []),
  };
}

function endReply(state: State, event: Event & { type: 'reply-end' }): Frame[] {
  state.phase = 'ended';
  const { output, response } = state;
  const hasRefusal = output.hasRefusal || output.parts.all().some(({ start }) => start.kind === 'refusal');
  const ending = writeStop(event, hasRefusal);
  const isCut = ending.status === 'incomplete';
  const frames = closeParts(output, isCut);
  const whole = { ...response, ...ending, output: output.items, ...factFields(state.usage) };
  frames.push(frameOf(output, isCut ? 'response.incomplete' : 'response.completed', { response: whole }));
  return frames;
}

/** OpenAI's document has the fields in the event itself; its own client reads them under `error`. */
function errorFrame(output: Output, error: GatewayError, requestId: string): Frame {
  const { code, message, detail } = error;
  const { body } = writeError(error, requestId);
  return frameOf(output, 'error', { code, message, param: detail.param ?? null, error: body.error });
}

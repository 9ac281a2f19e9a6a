import { badStream, CUT_STREAM, EVENT_NOT_JSON } from '../bad-reply.ts';
import type { Frame, StreamReader } from '../dialect.ts';
import type { GatewayError } from '../error.ts';
import type { Event } from '../event.ts';
import { isObject, parseJson } from '../json.ts';
import { readErrorBody } from './errors.ts';
import { finish, openReading, type Reading, readResponse } from './read-response.ts';

/**
 * Reads the responses of a stream. The wire has no part borders, so a part ends where another kind begins; and nothing
 * says that the stream is over but its end, which is good only after a finish reason or a refusal of the prompt.
 */
export function openReader(): StreamReader {
  const reading = openReading();
  let isOver = false;
  const fail = (error: GatewayError): Event[] => {
    isOver = true;
    return [{ type: 'error', error }];
  };
  return {
    read(frame: Frame) {
      // Some gateways end Google's streams as they end OpenAI's.
      if (isOver || frame.data === '' || frame.data === '[DONE]') return [];
      const response = parseJson(frame.data);
      if (!isObject(response)) return fail(badStream(EVENT_NOT_JSON));
      if (response.error !== undefined && response.error !== null) return fail(readErrorBody(response));
      return readResponse(reading, response);
    },
    end() {
      if (isOver) return [];
      if (!isComplete(reading)) return fail(badStream(CUT_STREAM));
      isOver = true;
      return finish(reading);
    },
  };
}

function isComplete({ rawStop, blocked }: Reading): boolean {
  return rawStop !== '' || blocked !== undefined;
}

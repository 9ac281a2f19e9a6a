import type { Caller } from '@app/gateway';
import { openSseReader } from '@app/protocol';

/**
 * A caller who wants a stream as one JSON list that grows by an element per frame, and gets server-sent events
 * otherwise. A list that was not closed is a stream that failed. Replies that are no stream pass as they are.
 * Source of the format: Google's `streamGenerateContent` without `alt=sse`.
 */
export function asJsonList(caller: Caller): Caller {
  const sse = openSseReader();
  let isList = false;
  let count = 0;
  return {
    ...caller,
    head(status, headers) {
      isList = headers['content-type']?.startsWith('text/event-stream') === true;
      caller.head(
        status,
        isList ? { ...headers, 'content-type': 'application/json; charset=utf-8' } : headers,
      );
    },
    write(bytes) {
      if (!isList) return caller.write(bytes);
      let text = '';
      for (const { data } of sse.read(typeof bytes === 'string' ? Buffer.from(bytes) : bytes)) {
        text += count === 0 ? `[${data}` : `,\r\n${data}`;
        count += 1;
      }
      // A sign of life between elements is white space.
      return caller.write(text === '' ? '\n' : text);
    },
    end() {
      if (isList) caller.write(count === 0 ? '[]' : '\n]');
      caller.end();
    },
  };
}

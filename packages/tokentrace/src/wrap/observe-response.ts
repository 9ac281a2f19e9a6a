import { parseJson } from '@app/protocol';
import type { ForgottenCalls } from './forgotten-calls.ts';
import type { OpenCall } from './open-call.ts';

/** What is held of a raw reply to read it at its end. */
const HELD_LENGTH_MAX = 8_000_000;

/**
 * A response that the app reads itself: a new one of the same status, headers and body, whose bytes are looked at as they
 * pass and at the pace at which they are read. A response without a readable body is given back as it is.
 */
export function observeResponse(response: unknown, call: OpenCall, forgotten: ForgottenCalls): unknown {
  if (!(response instanceof Response) || response.body === null || response.bodyUsed || !isText(response)) {
    call.finish();
    return response;
  }
  const source = sourceOf(response.body, call, isEvents(response));
  const body = new ReadableStream(source, { highWaterMark: 0 });
  const { status, statusText, headers } = response;
  const watched = new Response(body, { status, statusText, headers });
  Object.defineProperty(watched, 'url', { value: response.url, configurable: true });
  // A reader keeps the source of its stream, though the app may have dropped the response and the stream.
  forgotten.watch(source, call);
  return watched;
}

function typeOf(response: Response): string {
  return response.headers.get('content-type') ?? '';
}

function isEvents(response: Response): boolean {
  return typeOf(response).includes('text/event-stream');
}

function isText(response: Response): boolean {
  return isEvents(response) || typeOf(response).includes('json') || typeOf(response).startsWith('text/');
}

type ByteSource = {
  pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void>;
  cancel(reason: unknown): Promise<void>;
};

function sourceOf(body: ReadableStream<Uint8Array>, call: OpenCall, isStream: boolean): ByteSource {
  const reader = body.getReader();
  const text = isStream ? openEventText(call) : openWholeText(call);
  const decoder = new TextDecoder();
  return {
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        text.read(done ? decoder.decode() : decoder.decode(value, { stream: true }));
        if (done) {
          text.end();
          call.finish();
          controller.close();
        } else controller.enqueue(value);
      } catch (error) {
        call.fail(error);
        controller.error(error);
      }
    },
    cancel(reason) {
      call.cancel();
      return reader.cancel(reason);
    },
  };
}

type TextReader = { read(text: string): void; end(): void };

function openWholeText(call: OpenCall): TextReader {
  let held = '';
  return {
    read: (text) => {
      if (held.length <= HELD_LENGTH_MAX) held += text;
    },
    end: () => call.reply(parseJson(held) ?? held),
  };
}

/** Server-sent events, of which only the data is read. */
function openEventText(call: OpenCall): TextReader {
  let rest = '';
  return {
    read: (text) => {
      const lines = (rest + text).split(/\r\n|\n|\r/);
      rest = lines.pop() ?? '';
      if (rest.length > HELD_LENGTH_MAX) rest = '';
      for (const line of lines) {
        const event = line.startsWith('data:') ? parseJson(line.slice(5).trim()) : undefined;
        if (event !== undefined) call.event(event);
      }
    },
    end: () => {},
  };
}

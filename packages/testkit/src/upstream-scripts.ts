import type { ServerResponse } from 'node:http';
import type { Script } from './fake-upstream.ts';

type Headers = { [name: string]: string };

/** Answers with this value as JSON. */
export function answersJson(value: unknown, status = 200, headers: Headers = {}): Script {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(value));
  };
}

/** Answers with text of any type, for example an error page in HTML. */
export function answersText(text: string, status: number, contentType: string): Script {
  return (response) => {
    response.writeHead(status, { 'content-type': contentType });
    response.end(text);
  };
}

export type StreamOptions = {
  /** Bytes per HTTP chunk, counted without regard to frames and characters; absent = everything in one. */
  pieceBytes?: number;
  /** After the text: end well, cut the connection, or say nothing more until the caller leaves. */
  ending?: 'end' | 'cut' | 'stall';
};

/** Streams this text as server-sent events. */
export function streamsText(text: string, options: StreamOptions = {}): Script {
  return streamsBytes('text/event-stream', Buffer.from(text, 'utf8'), options);
}

/** Streams these bytes, whatever they are. */
export function streamsBytes(contentType: string, bytes: Buffer, options: StreamOptions): Script {
  return async (response) => {
    response.writeHead(200, { 'content-type': contentType });
    await writePieces(response, bytes, options.pieceBytes ?? Number.POSITIVE_INFINITY);
    if (options.ending === 'stall') return;
    if (options.ending === 'cut') response.destroy();
    else response.end();
  };
}

/** Takes the request and never answers. */
export const staysSilent: Script = () => {};

/** Closes the connection instead of answering. */
export const hangsUp: Script = (response) => {
  response.destroy();
};

export function redirectsTo(location: string, status = 307): Script {
  return (response) => {
    response.writeHead(status, { location });
    response.end();
  };
}

/** Speaks something that is not HTTP. */
export const speaksGibberish: Script = (response) => {
  response.socket?.end('SSH-2.0-OpenSSH_9.2\r\n\r\n');
};

/** Answers 200 with headers of this many bytes in all. */
export function sendsHeaderBytes(count: number): Script {
  return (response) => {
    response.writeHead(200, { 'x-padding': 'p'.repeat(count) });
    response.end('{}');
  };
}

/** Answers with a body of this many bytes, as fast as it is read. */
export function sendsBodyBytes(count: number): Script {
  return async (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    await writePieces(response, Buffer.alloc(count, 0x20), 65_536);
    response.end();
  };
}

/** Waits for each piece to leave, or for the reader to go. */
async function writePieces(response: ServerResponse, bytes: Buffer, pieceBytes: number): Promise<void> {
  for (let at = 0; at < bytes.length && !response.destroyed; at += pieceBytes) {
    const piece = bytes.subarray(at, Math.min(bytes.length, at + pieceBytes));
    // The callback comes with an error when the connection goes first.
    await new Promise<void>((resolve) => response.write(piece, () => resolve()));
  }
}

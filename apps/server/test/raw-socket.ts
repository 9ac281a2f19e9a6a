import { connect, type Socket } from 'node:net';

/** What a server sent until it closed the connection, or until `until` was seen. */
export type RawReply = { status: number; headers: { [name: string]: string }; body: string; text: string };

/** A plain TCP connection, for what no HTTP client would send. */
export type RawSocket = {
  send(text: string | Uint8Array): void;
  /** Resolves when the other side has closed, with everything it sent. */
  closed: Promise<RawReply>;
  /** Resolves when this text has come. */
  received(text: string): Promise<void>;
  socket: Socket;
};

export function openRawSocket(url: string): RawSocket {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) });
  let text = '';
  const waiting = new Set<() => void>();
  socket.setEncoding('latin1');
  socket.on('data', (piece: string) => {
    text += piece;
    for (const look of waiting) look();
  });
  // A reset counts as a close: what was sent before it is what matters.
  socket.on('error', () => {});
  const closed = new Promise<RawReply>((resolve) => {
    socket.on('close', () => resolve(parseReply(Buffer.from(text, 'latin1').toString('utf8'))));
  });
  return {
    send: (bytes) => socket.write(bytes),
    closed,
    received: (wanted) =>
      new Promise((resolve) => {
        const look = () => {
          if (!text.includes(wanted)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    socket,
  };
}

function parseReply(text: string): RawReply {
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = text.slice(0, end === -1 ? text.length : end).split('\r\n');
  const headers: { [name: string]: string } = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return {
    status: Number(first.split(' ')[1] ?? 0),
    headers,
    body: end === -1 ? '' : text.slice(end + 4),
    text,
  };
}

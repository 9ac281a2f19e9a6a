import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** One session as the provider has it. */
type FakeSession = { path: string; headers: IncomingHttpHeaders; socket: WebSocket; texts: string[] };

export type FakeRealtime = {
  /** Of the form `http://127.0.0.1:port`. */
  url: string;
  sessions: FakeSession[];
  /** Resolves with the session of this number (from 0) as soon as it is open. */
  opened(number: number): Promise<FakeSession>;
  close(): Promise<void>;
};

export type FakeRealtimeOptions = {
  /** Refuses every session with this status. */
  refuseWith?: number;
  onText?: (text: string, session: FakeSession) => void;
};

/** A real WebSocket server on loopback that plays a provider of realtime sessions. */
export async function openFakeRealtime(options: FakeRealtimeOptions = {}): Promise<FakeRealtime> {
  const sessions: FakeSession[] = [];
  const waiting = new Map<number, (session: FakeSession) => void>();
  const server = createServer((_request, response) => response.writeHead(404).end());
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, connection, head) => {
    if (options.refuseWith !== undefined) {
      connection.end(`HTTP/1.1 ${options.refuseWith} No\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, connection, head, (socket) => {
      const session = { path: request.url ?? '', headers: request.headers, socket, texts: [] as string[] };
      socket.on('message', (data) => {
        const text = String(data);
        session.texts.push(text);
        options.onText?.(text, session);
      });
      waiting.get(sessions.length)?.(session);
      sessions.push(session);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    sessions,
    opened: (number) => {
      const there = sessions[number];
      if (there) return Promise.resolve(there);
      return new Promise((resolve) => waiting.set(number, resolve));
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets.clients) socket.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What a provider says when a spoken response is over. */
export function responseDone(text: string): object {
  return {
    type: 'response.done',
    event_id: 'event_1',
    response: {
      id: 'resp_1',
      object: 'realtime.response',
      status: 'completed',
      output: [
        {
          id: 'item_1',
          type: 'message',
          role: 'assistant',
          content: [{ type: 'output_audio', transcript: text }],
        },
      ],
      usage: {
        total_tokens: 30,
        input_tokens: 20,
        output_tokens: 10,
        input_token_details: { text_tokens: 5, audio_tokens: 15, cached_tokens: 0 },
        output_token_details: { text_tokens: 2, audio_tokens: 8 },
      },
    },
  };
}

import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { isIP, type Socket } from 'node:net';
import type { AllowedHosts } from '../../outbound/allowed-hosts.ts';
import {
  createAddressCheck,
  createConnector,
  type HostAddress,
  type Resolve,
} from '../../outbound/create-connector.ts';
import type { Carrier } from './open-audit-stream.ts';
import { writeSyslogMessage } from './write-syslog-message.ts';

export type SyslogDeps = {
  /** `tls://host:port`, `tcp://host:port` or `udp://host:port`. */
  address: string;
  /** Certificate authorities in PEM instead of the built-in ones. */
  ca?: string | undefined;
  allowedHosts: AllowedHosts;
  resolve: Resolve;
  /** Of this machine, as the messages tell. */
  hostname: string;
  silenceMs?: number;
};

const BATCH_MAX = 100;
const CONNECT_TIMEOUT_MS = 10_000;
/** A server that takes nothing for so long is given up; what it lacks is sent again. */
const SILENCE_MS = 15_000;
/** What receivers of datagrams should take (RFC 5426 §3.2). */
const DATAGRAM_BYTES_MAX = 2_048;

/**
 * Sends events to a syslog server: over TLS and TCP with the length before each (RFC 5425, RFC 6587 §3.4.1), over UDP one
 * a datagram (RFC 5426). Syslog answers nothing, so an event counts as brought when the connection took it.
 */
export function openSyslogCarrier(deps: SyslogDeps): Carrier {
  const isDatagram = deps.address.startsWith('udp:');
  const way = isDatagram ? createDatagrams(deps) : createConnection(deps);
  const bytesMax = isDatagram ? { bytesMax: DATAGRAM_BYTES_MAX } : {};
  return {
    name: 'syslog',
    batchMax: BATCH_MAX,
    carry: (organizationId, events) =>
      way.send(
        events.map((event) =>
          writeSyslogMessage(event, { organizationId, hostname: deps.hostname, ...bytesMax }),
        ),
      ),
    close: way.close,
  };
}

type Way = { send(messages: readonly string[]): Promise<void>; close(): void };

function createConnection(deps: SyslogDeps): Way {
  let open: Socket | undefined;
  const connect = async (): Promise<Socket> => {
    const socket = await connectTo(deps);
    const forget = () => {
      if (open === socket) open = undefined;
    };
    socket.on('error', forget).on('close', forget).on('end', forget);
    // A server that speaks is not listened to.
    socket.resume();
    open = socket;
    return socket;
  };
  return {
    send: async (messages) => {
      const socket = open ?? (await connect());
      const bytes = messages.map((message) => `${Buffer.byteLength(message)} ${message}`).join('');
      await write(socket, bytes, deps.silenceMs ?? SILENCE_MS);
    },
    close: () => void open?.end(),
  };
}

function write(socket: Socket, bytes: string, silenceMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (error?: Error | null) => {
      socket.off('close', onClose).off('timeout', onSilence).setTimeout(0);
      if (error) reject(error);
      else resolve();
    };
    const onClose = () => end(new Error('The syslog server ended the connection.'));
    const onSilence = () => void socket.destroy();
    socket.once('close', onClose).once('timeout', onSilence).setTimeout(silenceMs);
    socket.write(bytes, end);
  });
}

/** By the guarded way of calls: the name is looked up, every address checked, and one of exactly those connected to. */
function connectTo({ address, ca, allowedHosts, resolve }: SyslogDeps): Promise<Socket> {
  const url = new URL(address.replace(/^tls:/, 'https:').replace(/^tcp:/, 'http:'));
  const { hostname, host, protocol } = url;
  const port = url.port || (protocol === 'https:' ? '443' : '80');
  const connect = createConnector({
    url,
    allowedHosts,
    resolve,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    ...(ca === undefined ? {} : { ca }),
  });
  const name = hostname.replace(/^\[|\]$/g, '');
  return new Promise((done, reject) => {
    connect({ hostname: name, host, protocol, port, servername: name }, (error, socket) => {
      if (error) reject(error);
      else done(socket);
    });
  });
}

function createDatagrams({ address, allowedHosts, resolve }: SyslogDeps): Way {
  const url = new URL(address.replace(/^udp:/, 'http:'));
  const name = url.hostname.replace(/^\[|\]$/g, '');
  const isAllowed = createAddressCheck(url, allowedHosts);
  return {
    send: async (messages) => {
      const found = await findAddresses(name, resolve);
      const forbidden = found.find((each) => !isAllowed(each.address));
      const [first] = found;
      if (first === undefined || forbidden !== undefined) {
        throw new Error(
          'The syslog server has a private or reserved address that allow_private_hosts does not list.',
        );
      }
      const socket = createSocket(first.family === 6 ? 'udp6' : 'udp4');
      const to = { port: Number(url.port || 80), host: first.address };
      try {
        for (const message of messages) await sendDatagram(socket, message, to);
      } finally {
        socket.close();
      }
    },
    close: () => undefined,
  };
}

function sendDatagram(
  socket: DatagramSocket,
  message: string,
  { port, host }: { port: number; host: string },
): Promise<void> {
  return new Promise((done, reject) => {
    socket.send(message, port, host, (error) => {
      if (error) reject(error);
      else done();
    });
  });
}

function findAddresses(name: string, resolve: Resolve): Promise<HostAddress[]> {
  const family = isIP(name);
  if (family !== 0) return Promise.resolve([{ address: name, family }]);
  return new Promise((done, reject) => {
    resolve(name, (error, addresses = []) => {
      if (error) reject(error);
      else done(addresses);
    });
  });
}

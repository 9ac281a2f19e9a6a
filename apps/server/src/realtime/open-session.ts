import type { Schedule } from '@app/gateway';
import { GatewayError } from '@app/protocol';
import type { RawData, WebSocket } from 'ws';

export type SessionInput = {
  caller: WebSocket;
  /** Paused until the session runs. */
  provider: WebSocket;
  /** What is wrong with a message of the caller's; it is then told so, and the provider does not get it. */
  findFault: (data: Buffer) => GatewayError | undefined;
  /** Hears every text of the provider before the caller does. */
  onProviderText: (text: string) => void;
  /** Whether the key is still good; asked at most once a second. */
  isAdmitted: () => boolean;
  /** Once, when both sides are over. */
  onEnd: (end: { error: GatewayError | undefined }) => void;
  clock: { monotonicMs(): number };
  schedule: Schedule;
  limits: SessionLimits;
};

export type SessionLimits = {
  /** What may wait for a side that reads slowly before the other side is paused. */
  waitingBytesMax: number;
  /** Silence of both sides after which the session ends. */
  idleMs: number;
  /** The longest session. */
  totalMs: number;
};

export const sessionDefaults: SessionLimits = {
  waitingBytesMax: 1_048_576,
  idleMs: 600_000,
  totalMs: 3_600_000,
};

type Ending = { code: number; error: GatewayError | undefined };

const CHECK_EVERY_MS = 1_000;
const CLOSE_WAIT_MS = 5_000;
const GOING_AWAY = 1001;
const POLICY = 1008;
const INTERNAL = 1011;
const NORMAL = 1000;

/** Passes messages between a caller and a provider as they are, until either leaves, the key ends or time is up. */
export function openSession(input: SessionInput): { end(error?: GatewayError): void } {
  const { caller, provider, clock, schedule, limits } = input;
  const startedAtMs = clock.monotonicMs();
  let heardAtMs = startedAtMs;
  let isOver = false;
  let stopTimer = (): void => undefined;

  const finish = ({ code, error }: Ending): void => {
    if (isOver) return;
    isOver = true;
    stopTimer();
    if (error !== undefined && caller.readyState === caller.OPEN) caller.send(errorText(error));
    for (const socket of [caller, provider]) close(socket, code, schedule);
    input.onEnd({ error });
  };
  const check = (): void => {
    const nowMs = clock.monotonicMs();
    if (!input.isAdmitted()) finish({ code: POLICY, error: revoked() });
    else if (nowMs - startedAtMs >= limits.totalMs)
      finish({ code: GOING_AWAY, error: tooLong('took too long') });
    else if (nowMs - heardAtMs >= limits.idleMs)
      finish({ code: GOING_AWAY, error: tooLong('was silent too long') });
    else stopTimer = schedule(CHECK_EVERY_MS, check);
  };

  /** What we answer by ourselves, errors and signs of life, is not paused with what passes through. */
  const checkReading = (socket: WebSocket): void => {
    if (socket.bufferedAmount <= 2 * limits.waitingBytesMax) return;
    finish({ code: POLICY, error: undefined });
    socket.terminate();
  };
  for (const socket of [caller, provider]) socket.on('ping', () => checkReading(socket));

  pass(caller, provider, {
    waitingBytesMax: limits.waitingBytesMax,
    onMessage: (data) => {
      heardAtMs = clock.monotonicMs();
      const fault = input.findFault(bytesOf(data));
      if (fault !== undefined) caller.send(errorText(fault));
      checkReading(caller);
      return fault === undefined;
    },
  });
  pass(provider, caller, {
    waitingBytesMax: limits.waitingBytesMax,
    onMessage: (data, isBinary) => {
      heardAtMs = clock.monotonicMs();
      if (!isBinary) input.onProviderText(bytesOf(data).toString('utf8'));
      return true;
    },
  });
  caller.on('close', (code) => finish({ code: passedOn(code), error: undefined }));
  provider.on('close', (code) =>
    finish({ code: passedOn(code), error: code === NORMAL ? undefined : cut() }),
  );
  caller.on('error', () => finish({ code: INTERNAL, error: undefined }));
  provider.on('error', () => finish({ code: INTERNAL, error: cut() }));
  stopTimer = schedule(CHECK_EVERY_MS, check);
  provider.resume();
  return { end: (error) => finish({ code: error === undefined ? GOING_AWAY : POLICY, error }) };
}

/** `onMessage` says whether a message goes on. */
type Passing = { waitingBytesMax: number; onMessage: (data: RawData, isBinary: boolean) => boolean };

/** A side that reads slowly pauses the other, so that memory is bounded by what may wait. */
function pass(from: WebSocket, to: WebSocket, { waitingBytesMax, onMessage }: Passing): void {
  from.on('message', (data, isBinary) => {
    if (to.readyState !== to.OPEN) return;
    if (!onMessage(data, isBinary)) return;
    to.send(data, { binary: isBinary }, () => {
      if (from.isPaused && to.bufferedAmount <= waitingBytesMax / 2) from.resume();
    });
    if (to.bufferedAmount > waitingBytesMax) from.pause();
  });
}

/** A side that does not say goodbye in return is cut. */
function close(socket: WebSocket, code: number, schedule: Schedule): void {
  if (socket.readyState === socket.CLOSED) return;
  // A paused socket would never read the answer to its goodbye.
  if (socket.isPaused) socket.resume();
  const cancel = schedule(CLOSE_WAIT_MS, () => socket.terminate());
  socket.once('close', cancel);
  socket.close(code);
}

/** Codes that may be sent; all others are how a library tells of a connection that broke. */
function passedOn(code: number): number {
  return code === NORMAL || code === GOING_AWAY || (code >= 3000 && code < 5000) ? code : INTERNAL;
}

function bytesOf(data: RawData): Buffer {
  if (data instanceof ArrayBuffer) return Buffer.from(data);
  return Array.isArray(data) ? Buffer.concat(data) : data;
}

/** Source: OpenAI's realtime reference, server event `error`. */
function errorText({ type, code, message, detail }: GatewayError): string {
  return JSON.stringify({ type: 'error', error: { type, code, message, param: detail.param ?? null } });
}

function revoked(): GatewayError {
  return new GatewayError('invalid_api_key', 'Invalid API key provided', { retryable: false });
}

function tooLong(what: string): GatewayError {
  return new GatewayError('deadline_exceeded', `The session ${what}.`);
}

function cut(): GatewayError {
  return new GatewayError('provider_failed', 'The provider closed the session before its end.');
}

import type { Caller } from '@app/gateway';

export type FakeCaller = {
  caller: Caller;
  /** What happened, in order, for tests about order. Others may add to it. */
  log: string[];
  status(): number | undefined;
  headers(): { [name: string]: string };
  /** Everything written, as text. */
  text(): string;
  json(): { [field: string]: unknown };
  bytes(): Buffer;
  /** How the reply ended; absent while it runs. */
  ending(): 'end' | 'abort' | undefined;
  /** Whether somebody waits for room. */
  isFull(): boolean;
  /** From now on the socket is full after each write. */
  fill(): void;
  /** The socket has room again, until the next `fill`. */
  drain(): void;
};

/** A caller that keeps what it gets and fails on what no socket would bear: a second head, a write after the end or while full. */
export function createFakeCaller(log: string[] = []): FakeCaller {
  const pieces: Buffer[] = [];
  let head: { status: number; headers: { [name: string]: string } } | undefined;
  let ending: 'end' | 'abort' | undefined;
  let isFull = false;
  let waiting: (() => void) | undefined;
  const check = (isFine: boolean, what: string): void => {
    if (!isFine) throw new Error(`The caller's socket cannot bear ${what}.`);
  };
  const close = (how: 'end' | 'abort'): void => {
    check(ending === undefined, 'a second end');
    check(head !== undefined || how === 'abort', 'an end before its head');
    ending = how;
    log.push(how);
  };
  return {
    log,
    caller: {
      head(status, headers) {
        check(head === undefined, 'a second head');
        head = { status, headers };
        log.push(`head ${status}`);
      },
      write(bytes) {
        check(head !== undefined, 'bytes before its head');
        check(ending === undefined, 'bytes after its end');
        check(waiting === undefined, 'bytes while it is full');
        pieces.push(typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(bytes));
        log.push('write');
        return !isFull;
      },
      onDrain: (run) => {
        waiting = run;
      },
      end: () => close('end'),
      abort: () => close('abort'),
    },
    status: () => head?.status,
    headers: () => head?.headers ?? {},
    text: () => Buffer.concat(pieces).toString('utf8'),
    json: () => JSON.parse(Buffer.concat(pieces).toString('utf8')),
    bytes: () => Buffer.concat(pieces),
    ending: () => ending,
    isFull: () => waiting !== undefined,
    fill: () => {
      isFull = true;
    },
    drain: () => {
      isFull = false;
      const run = waiting;
      waiting = undefined;
      run?.();
    },
  };
}

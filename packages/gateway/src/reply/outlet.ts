import type { Caller } from '../ports.ts';

/** The caller's side with its back-pressure: what does not fit waits here, and the provider is told to wait. */
export type Outlet = {
  /** Who is told when nothing more fits, and when it fits again. */
  onFull(pause: () => void, resume: () => void): void;
  head(status: number, headers: { [name: string]: string }): void;
  write(bytes: string | Uint8Array): void;
  isBlocked(): boolean;
  /** Keeps everything that follows here until `release`. */
  hold(): void;
  release(): void;
  /** Ends the reply once everything was written: cleanly, or as a stream that failed. */
  finish(how: 'end' | 'abort'): void;
  /** The caller left: nothing is written any more. */
  drop(): void;
};

export function openOutlet(caller: Caller): Outlet {
  let flow: { pause(): void; resume(): void } | undefined;
  let waiting: (string | Uint8Array)[] = [];
  let isBlocked = false;
  let isHeld = false;
  let heldHead: { status: number; headers: { [name: string]: string } } | undefined;
  let finish: 'end' | 'abort' | undefined;
  let isGone = false;

  const push = (bytes: string | Uint8Array): void => {
    if (caller.write(bytes) || isGone) return;
    isBlocked = true;
    caller.onDrain(onDrain);
  };
  const onDrain = (): void => {
    if (!isBlocked || isGone) return;
    isBlocked = false;
    if (!isHeld) goOn();
  };
  const goOn = (): void => {
    const [next] = waiting;
    if (next !== undefined) {
      const all = waiting;
      waiting = [];
      push(all.length === 1 ? next : joined(all));
    }
    if (isBlocked || isGone) return;
    if (finish === undefined) flow?.resume();
    else close(finish);
  };
  const close = (how: 'end' | 'abort'): void => {
    isGone = true;
    if (how === 'end') caller.end();
    else caller.abort();
  };
  return {
    onFull: (pause, resume) => {
      flow = { pause, resume };
    },
    head: (status, headers) => {
      if (isHeld) heldHead = { status, headers };
      else if (!isGone) caller.head(status, headers);
    },
    write(bytes) {
      if (isGone || finish !== undefined) return;
      if (isBlocked || isHeld) {
        waiting.push(bytes);
        return;
      }
      push(bytes);
      if (isBlocked) flow?.pause();
    },
    isBlocked: () => isBlocked || isHeld,
    hold: () => {
      isHeld = true;
    },
    release: () => {
      isHeld = false;
      if (isGone) return;
      if (heldHead !== undefined) caller.head(heldHead.status, heldHead.headers);
      heldHead = undefined;
      if (!isBlocked) goOn();
    },
    finish(how) {
      if (isGone || finish !== undefined) return;
      finish = how;
      if (!isBlocked && !isHeld) close(how);
    },
    drop() {
      isGone = true;
      waiting = [];
    },
  };
}

/** Several pieces as one, so that the socket is written once. */
export function joined(pieces: readonly (string | Uint8Array)[]): string | Uint8Array {
  if (pieces.every((piece) => typeof piece === 'string')) return pieces.join('');
  return Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)));
}

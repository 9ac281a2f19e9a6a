import { GatewayError } from '@app/protocol';
import { answerCall } from './answer-call.ts';
import type { Answer } from './deliver-reply.ts';
import type { Pace } from './find-outcome.ts';
import type { CountTokens } from './measure-reply.ts';
import { type Playing, play, type Schedule, type Step } from './play.ts';
import type { SandboxReply, SandboxSend } from './sandbox-ports.ts';

export type SandboxDeps = {
  schedule: Schedule;
  /** Epoch milliseconds, for the dates inside replies. */
  now: () => number;
  countTokens: CountTokens;
  /** How fast replies come where the call does not say. */
  pace?: Partial<Pace>;
};

/**
 * The provider that answers test keys: deterministic replies in the wire format of the request's provider, under any
 * model's name, without a network. Has the shape of the gateway's `Send`. Nothing is called before `send` returned.
 */
export function createSandbox({ schedule, now, countTokens, pace }: SandboxDeps): SandboxSend {
  const answering = { now, countTokens, pace: { ...PACE, ...pace } };
  return (request, reply) => {
    let playing: Playing | undefined;
    let isPaused = false;
    let isCancelled = false;

    const start = (steps: Step[]): void => {
      if (isCancelled) return;
      playing = play(steps, schedule);
      if (isPaused) playing.pause();
    };
    answerCall(request, answering).then(
      (answer) => start(stepsOf(answer, reply)),
      (error: unknown) => start([{ afterMs: 0, run: () => reply.onError(failureOf(error)) }]),
    );
    return {
      pause() {
        isPaused = true;
        playing?.pause();
      },
      resume() {
        isPaused = false;
        playing?.resume();
      },
      cancel() {
        isCancelled = true;
        playing?.cancel();
      },
    };
  };
}

/** About the speed of a fast model. */
const PACE: Pace = { firstByteMs: 10, pieceMs: 3 };

function stepsOf({ head, chunks, failure }: Answer, reply: SandboxReply): Step[] {
  const steps: Step[] = [];
  if (head !== undefined) {
    steps.push({ afterMs: head.afterMs, run: () => reply.onHead(head.status, head.headers) });
  }
  for (const { afterMs, bytes } of chunks) steps.push({ afterMs, run: () => reply.onChunk(bytes) });
  if (failure === undefined) {
    steps.push({ afterMs: 0, run: () => reply.onEnd() });
  } else {
    const error = new GatewayError(failure.code, failure.message, { provider: 'sandbox' });
    steps.push({ afterMs: failure.afterMs, run: () => reply.onError(error) });
  }
  return steps;
}

function failureOf(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  return new GatewayError('internal_error', 'An internal error occurred.', { cause: error });
}

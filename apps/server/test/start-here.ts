import { runCommand } from '../src/cli/run-command.ts';
import type { Place, ServerProcess } from './start-process.ts';

/** A server that can be asked and stopped, but not killed: it is in this process. */
export type ServerHere = Pick<ServerProcess, 'url' | 'output' | 'stop'>;

/**
 * Runs `start` as the command line would, in this process, which spares the start of another. It says what people read; its
 * log goes where this process's errors go, so it keeps none. Rejects with what it said when it ends before it listens.
 */
export async function startHere(place: Place): Promise<ServerHere> {
  let output = '';
  const { promise: stopRequested, resolve: requestStop } = Promise.withResolvers<void>();
  const { promise: url, resolve: listens, reject } = Promise.withResolvers<string>();
  const say = (text: string) => {
    output += text;
    const found = /ready at (https?:\/\/\S+)/.exec(output);
    if (found?.[1] !== undefined) listens(found[1]);
  };
  const ended = runCommand(['start'], {
    variables: { ...place.environment, LOG_LEVEL: 'silent' },
    print: say,
    warn: say,
    isTerminal: false,
    stopRequested,
  });
  ended.then((code) => reject(new Error(`The server ended with ${code}: ${output}`)), reject);
  return {
    url: await url,
    output: () => output,
    stop: () => {
      requestStop();
      return ended;
    },
  };
}

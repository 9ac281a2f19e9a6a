import { runCommand } from '../src/cli/run-command.ts';
import type { Place } from './start-process.ts';

/** Runs one command of the CLI in this process, which spares the start of another. */
export async function runHere(
  { environment }: Pick<Place, 'environment'>,
  args: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  let stdout = '';
  let stderr = '';
  const code = await runCommand(args, {
    variables: environment,
    print: (text) => {
      stdout += text;
    },
    warn: (text) => {
      stderr += text;
    },
    isTerminal: false,
    stopRequested: new Promise(() => undefined),
  });
  return { code, stdout, stderr };
}

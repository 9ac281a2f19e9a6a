import { enableCompileCache } from 'node:module';
import { resolve } from 'node:path';
import { readHiddenLine } from './cli/read-hidden-line.ts';
import { runCommand } from './cli/run-command.ts';

// Compiled code is kept beside the packages, which halves the time of a start. Where that folder cannot be written,
// nothing is kept. Never in a folder that other accounts may write: what is in there is run.
enableCompileCache(resolve(import.meta.dirname, '../../../node_modules/.cache/tokenrouter'));

// What this process and its children make is for their own account alone, wherever it lies.
process.umask(0o077);

const stopRequested = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  // Started by a launcher: when it is gone, whatever killed it, we are not wanted any more.
  if (process.send !== undefined) process.on('disconnect', () => resolve());
});

process.exitCode = await runCommand(process.argv.slice(2), {
  variables: process.env,
  print: (text) => process.stdout.write(text),
  warn: (text) => process.stderr.write(text),
  readInput: () => process.stdin,
  ...(process.stdin.isTTY === true && {
    readHidden: (question: string) =>
      readHiddenLine({ input: process.stdin, write: (text) => process.stderr.write(text) }, question),
  }),
  isTerminal: process.stdout.isTTY === true,
  stopRequested,
});
// A connection that somebody forgot must not keep a command that is done alive.
process.exit();

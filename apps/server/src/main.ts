import { writeFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { resolve } from 'node:path';
import { readHiddenLine } from './cli/read-hidden-line.ts';
import { runCommand } from './cli/run-command.ts';
import { describeCrash } from './start/describe-crash.ts';

// Compiled code is kept beside the packages, which halves the time of a start. Where that folder cannot be written,
// nothing is kept. Never in a folder that other accounts may write: what is in there is run.
enableCompileCache(resolve(import.meta.dirname, '../../../node_modules/.cache/tokenrouter'));

// What this process and its children make is for their own account alone, wherever it lies.
process.umask(0o077);

// What is in memory must not reach the disk in the clear: no reports of Node, whatever its options say, and nothing of our
// memory in core files, those of our children included.
Object.assign(process.report, {
  reportOnFatalError: false,
  reportOnSignal: false,
  reportOnUncaughtException: false,
  excludeEnv: true,
});
try {
  writeFileSync('/proc/self/coredump_filter', '0');
} catch {
  // Only Linux has it.
}

/** Longer than a drain: then whatever still runs is given up. */
const CRASH_EXIT_MS = 30_000;
const CRASHES_MAX = 10;

const { promise: crashed, resolve: noteCrash } = Promise.withResolvers<unknown>();
const isServer = process.argv[2] === 'start';
let crashes = 0;
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    const report = JSON.stringify({
      level: 60,
      msg: 'Something failed that nobody foresaw.',
      ...describeCrash(error),
    });
    process.stderr.write(`${report}\n`);
    crashes += 1;
    // Nobody knows what is still right. Calls under way may end; nothing new begins. A command has no calls to wait for.
    if (!isServer || crashes > CRASHES_MAX) process.exit(1);
    noteCrash(error);
    setTimeout(() => process.exit(1), CRASH_EXIT_MS).unref();
  });
}

const { promise: stopRequested, resolve: requestStop } = Promise.withResolvers<void>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => requestStop());
// Started by a launcher: when it is gone, whatever killed it, we are not wanted any more.
if (process.send !== undefined) process.on('disconnect', () => requestStop());
let reload: (() => void) | undefined;
process.on('SIGHUP', () => {
  // At a terminal it says that the terminal is gone; elsewhere that files were changed.
  if (reload === undefined || process.stdout.isTTY === true) requestStop();
  else reload();
});

const status = await runCommand(process.argv.slice(2), {
  variables: process.env,
  print: (text) => process.stdout.write(text),
  warn: (text) => process.stderr.write(text),
  readInput: () => process.stdin,
  ...(process.stdin.isTTY === true && {
    readHidden: (question: string) =>
      readHiddenLine({ input: process.stdin, write: (text) => process.stderr.write(text) }, question),
  }),
  runtime: {
    nodeVersion: process.version,
    execArgv: process.execArgv,
    ...(process.getuid !== undefined && { uid: process.getuid() }),
  },
  isTerminal: process.stdout.isTTY === true,
  stopRequested,
  crashed,
  onReload: (run) => {
    reload = run;
  },
});
// A connection that somebody forgot must not keep a command that is done alive.
process.exit(crashes > 0 ? 1 : status);

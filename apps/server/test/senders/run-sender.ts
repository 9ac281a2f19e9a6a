import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export type SenderRun = {
  /** A command and its arguments. */
  command: readonly string[];
  url: string;
  key: string;
  modelUrl: string;
};

const SENDER_MS_MAX = 30_000;

/** A program in this folder, run as its user would: in a process of its own. */
export function nodeSender(file: string): string[] {
  const path = fileURLToPath(new URL(file, import.meta.url));
  // The package of ours is read from its source, as it is not built here.
  const conditions = file.endsWith('.mjs') ? ['--conditions=source'] : [];
  return [process.execPath, ...conditions, '--no-warnings', path];
}

/** Runs a sender to its end. Rejects with what it printed when it fails, or prints anything of an error. */
export function runSender({ command, url, key, modelUrl }: SenderRun): Promise<void> {
  const [program = '', ...args] = command;
  // Nothing of the environment goes along: no proxy, no key, no setting of a library.
  const env = {
    PATH: process.env.PATH,
    ...{ SENDER_URL: url, SENDER_KEY: key, SENDER_MODEL_URL: modelUrl },
    ...{ AI_SDK_LOG_WARNINGS: 'false', PYTHONDONTWRITEBYTECODE: '1', PYTHONUTF8: '1' },
  };
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: SENDER_MS_MAX });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.once('error', reject);
  child.once('close', (code) =>
    code === 0 ? resolve() : reject(new Error(`${args.at(-1)} ended with ${code}: ${printed}`)),
  );
  return promise;
}

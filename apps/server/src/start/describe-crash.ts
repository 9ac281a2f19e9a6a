/** What a log may keep of an error that nobody foresaw. */
export type CrashReport = { kind: string; code?: string; at: string[] };

const FRAMES_MAX = 20;

/**
 * The kind, the code and the places in our code. Never the message or the fields: whatever was in hand, a key or a prompt,
 * may be quoted in them.
 */
export function describeCrash(thrown: unknown): CrashReport {
  if (!(thrown instanceof Error)) return { kind: typeof thrown, at: [] };
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
  const at = (thrown.stack ?? '')
    .split('\n')
    .flatMap((line) => /^\s+at ([\w.<>[\] ]*\(?(?:file|node):[\w./:@%+-]+\)?)$/.exec(line)?.[1] ?? [])
    .slice(0, FRAMES_MAX);
  return { kind: nameOf(thrown), ...(code !== undefined && /^\w{1,60}$/.test(code) && { code }), at };
}

function nameOf(error: Error): string {
  const { name } = error.constructor;
  return /^\w{1,60}$/.test(name) ? name : 'Error';
}

/** Epoch time in milliseconds. */
export type Clock = { nowMs(): number };

/** Runs `run` once after `delayMs`; the returned function cancels it. */
export type Schedule = (delayMs: number, run: () => void) => () => void;

/** Where tracing says what an operator should know. No field ever carries content of a call. */
export type Log = {
  warn(fields: { [name: string]: unknown }, message: string): void;
  error(fields: { [name: string]: unknown }, message: string): void;
};

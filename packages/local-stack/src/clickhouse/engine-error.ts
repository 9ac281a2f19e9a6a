/** An error as ClickHouse reports it: a number, its name, and a sentence. */
export class EngineError extends Error {
  readonly code: number;
  readonly type: string;

  constructor(code: number, type: string, message: string) {
    super(message);
    this.name = 'EngineError';
    this.code = code;
    this.type = type;
  }
}

/** Reads the engine's own text, `Code: 60. DB::Exception: <text>. (UNKNOWN_TABLE)`, which it may repeat inside itself. */
export function readEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const start = /^(?:Code: (\d+)\. DB::Exception: )+/.exec(text);
  const ends = [...text.matchAll(/ \((?:[a-z ]+ )?([A-Z][A-Z0-9_]{2,})\)(?: \(version [^)]*\))?/g)];
  const end = ends.at(0);
  if (!start?.[1]) return new EngineError(1002, 'UNKNOWN_EXCEPTION', text);
  const body = text.slice(start[0].length, end?.index);
  return new EngineError(Number(start[1]), end?.[1] ?? 'UNKNOWN_EXCEPTION', body);
}

/** The text by which ClickHouse clients recognise code and type. */
export function writeEngineError(error: EngineError): string {
  const sentence = error.message.replace(/\.?\s*$/, '.');
  return `Code: ${error.code}. DB::Exception: ${sentence} (${error.type})`;
}

/** The HTTP status that ClickHouse's own interface gives for an exception code. */
export function statusOf(code: number): number {
  return statuses.get(code) ?? 500;
}

const statuses = new Map([
  ...[516, 192, 193, 194].map((code) => [code, 401] as const),
  ...[497, 164, 291, 446].map((code) => [code, 403] as const),
  ...[47, 46, 60, 81].map((code) => [code, 404] as const),
  [159, 408],
  [202, 503],
  [48, 501],
  [161, 413],
  ...[6, 26, 27, 36, 38, 41, 43, 50, 53, 62, 69, 70, 72, 73, 115, 117, 130, 206, 452, 456, 457].map(
    (code) => [code, 400] as const,
  ),
]);

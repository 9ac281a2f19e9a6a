/** A query handed to a session. `before` and `after` are statements that set the session up and put it back. */
export type SessionJob =
  | { kind: 'stream' | 'whole'; sql: string; format: string; before: string[]; after: string[] }
  | {
      kind: 'insert';
      table: string;
      columns: string[] | undefined;
      format: RawFormat;
      settings: Record<string, string>;
      values: Uint8Array<ArrayBuffer>;
      before: string[];
      after: string[];
    };

/** The formats whose rows the engine parses straight from a buffer. */
export const rawFormats = [
  'JSONEachRow',
  'JSONCompactEachRow',
  'CSV',
  'CSVWithNames',
  'TSV',
  'TabSeparated',
  'TSVWithNames',
  'TabSeparatedWithNames',
] as const;

export type RawFormat = (typeof rawFormats)[number];

export interface JobSummary {
  readRows: number;
  readBytes: number;
  writtenRows: number;
  writtenBytes: number;
}

/** Messages to a session's thread. One `credit` allows one more chunk. */
export type ToSession =
  | { kind: 'run'; job: SessionJob }
  | { kind: 'credit' }
  | { kind: 'cancel' }
  | { kind: 'close' };

/** Messages from it. `free` comes last: the session is clean and may serve another query. */
export type FromSession =
  | { kind: 'ready' }
  | { kind: 'free' }
  | { kind: 'closed' }
  | { kind: 'chunk'; bytes: Uint8Array }
  | { kind: 'end'; summary: JobSummary }
  | { kind: 'failed'; message: string }
  | { kind: 'broken'; message: string };

export interface SessionSettings {
  dataPath: string;
  configFile: string;
  /** Off only in the test that shows what happens without it. */
  isDrained: boolean;
}

/** What is recognised. `SECRET` is the value of a field or header that is secret by its name. */
export type DetectedType =
  | 'EMAIL'
  | 'PHONE'
  | 'CARD'
  | 'IBAN'
  | 'SSN'
  | 'NATIONAL_ID'
  | 'IP'
  | 'JWT'
  | 'API_KEY'
  | 'PRIVATE_KEY'
  | 'PASSWORD'
  | 'SECRET';

/** A stretch of the text, in UTF-16 units, end exclusive. Findings never overlap and come in order. */
export type Finding = { type: string; start: number; end: number };

/** How many values of each type were taken out. */
export type RedactionCounts = { [type: string]: number };

/**
 * A pattern of the operator's own. `find` must take linear time, whatever the text: hand in a matcher that guarantees it.
 * Its name becomes the placeholder's: `[ORDER_NUMBER_1]`.
 */
export type CustomPattern = {
  type: string;
  find(text: string): Iterable<{ start: number; end: number }>;
  /** Longest match in characters; what a stream holds back. Longer ones are cut there. */
  charsMax: number;
};

export type RedactorOptions = {
  /** Only these types; all when absent. */
  types?: readonly DetectedType[];
  patterns?: readonly CustomPattern[];
  /**
   * Instead of numbers: a stable name for a value, such as the first characters of a keyed digest, so that the same
   * value has the same placeholder everywhere (`[EMAIL_3f9a2c]`).
   */
  pseudonym?: (type: string, value: string) => string;
};

/** Redacts one thing after the other: the same value has the same number in all that one redaction saw. */
export type Redaction = {
  text(text: string): string;
  /**
   * A JSON value with keys and strings redacted, JSON inside strings too. What holds a secret by its name
   * (`authorization`, `password`) goes whole. Values that hold nothing private come back as they are, not copied.
   */
  value<T>(value: T): T;
  /** Text that comes in pieces: what `push` and `end` return, joined, equals `text` of all pieces joined. */
  stream(): RedactingStream;
  counts(): RedactionCounts;
};

export type RedactingStream = {
  /** What is safe to pass on by now; may be empty. */
  push(piece: string): string;
  /** The rest. */
  end(): string;
};

export type Redactor = {
  find(text: string): Finding[];
  begin(): Redaction;
};

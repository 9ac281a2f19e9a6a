import type { ErrorCode } from '@app/protocol';

/** A batch that is refused as a whole, as it is told from one thread to the other. The message is fit for its sender. */
export class Refused extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.name = 'Refused';
    this.code = code;
  }
}

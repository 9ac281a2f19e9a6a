/** Why a question cannot be asked, and where in its text; the sentence says what to write instead. */
export class SqlFault extends Error {
  /** Counts characters from 0. */
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.name = 'SqlFault';
    this.at = at;
  }
}

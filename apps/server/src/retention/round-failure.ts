/** Not every server has loaded what it recorded: it is tried again. */
export class RoundFailure extends Error {
  constructor() {
    super('A server has not loaded yet what it recorded; it goes on when all have.');
    this.name = 'RoundFailure';
  }
}

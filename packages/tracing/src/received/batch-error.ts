/** The whole of a batch cannot be read. The message is fit for who sent it. */
export class BatchError extends Error {
  override name = 'BatchError';
}

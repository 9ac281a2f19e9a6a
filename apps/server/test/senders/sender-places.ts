/** What a sender is told: where to send, with which keys, and where the model is. Only these would be another's. */
export type SenderPlaces = {
  /** Of the form `https://host`. */
  url: string;
  /** A write-only key. */
  key: string;
  /** What Langfuse's clients take beside the key: any word. */
  publicKey: string;
  /** Speaks OpenAI's dialect. */
  modelUrl: string;
};

/** Reads what the test set for this process. */
export function senderPlaces(): SenderPlaces {
  const { SENDER_URL, SENDER_KEY, SENDER_MODEL_URL } = process.env;
  if (SENDER_URL === undefined || SENDER_KEY === undefined || SENDER_MODEL_URL === undefined) {
    throw new Error('A sender needs SENDER_URL, SENDER_KEY and SENDER_MODEL_URL.');
  }
  return { url: SENDER_URL, key: SENDER_KEY, publicKey: 'pk-lf-any', modelUrl: SENDER_MODEL_URL };
}

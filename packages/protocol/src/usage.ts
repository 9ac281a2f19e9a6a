/**
 * Tokens of one reply in disjoint classes: no token is in two of them, so a sum never counts twice.
 * A class the provider did not report is absent, which is not the same as 0.
 */
export type Usage = {
  inputFresh?: number;
  inputCacheRead?: number;
  /** Written to a cache that lives five minutes (the default lifetime). */
  inputCacheWrite?: number;
  inputCacheWrite1h?: number;
  inputAudio?: number;
  inputImage?: number;
  outputText?: number;
  outputThinking?: number;
  outputAudio?: number;
  outputImage?: number;
};

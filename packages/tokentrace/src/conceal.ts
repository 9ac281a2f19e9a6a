import type { WireScore, WireSpan } from './wire-span.ts';

export type Concealed = { inputs: boolean; outputs: boolean };

/**
 * The span without what was asked to stay. An error's message goes with either, because providers quote the prompt and
 * the reply in it. With both, nothing of free form is left: metadata goes too.
 */
export function concealSpan(span: WireSpan, { inputs, outputs }: Concealed): WireSpan {
  if (!inputs && !outputs) return span;
  const { input, output, error, metadata, ...rest } = span;
  const { message: _message, ...errorRest } = error ?? {};
  return {
    ...rest,
    ...(error !== undefined && { error: errorRest }),
    ...(!inputs && input !== undefined && { input }),
    ...(!outputs && output !== undefined && { output }),
    ...(!(inputs && outputs) && metadata !== undefined && { metadata }),
  };
}

/** A comment may quote what was judged. */
export function concealScore(score: WireScore, { inputs, outputs }: Concealed): WireScore {
  if (!inputs && !outputs) return score;
  const { comment: _comment, ...rest } = score;
  return rest;
}

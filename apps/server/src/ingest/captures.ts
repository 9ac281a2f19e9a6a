/** What is kept of a span, from the most to the least. */
const CAPTURES = ['full', 'redacted', 'metadata'] as const;
export type SpanCapture = (typeof CAPTURES)[number];

/** What a request wishes may be less than what its project keeps, never more; an unknown wish is one for the least. */
export function tightestOf(project: SpanCapture, wish: string | undefined): SpanCapture {
  if (wish === undefined || wish === '') return project;
  const wished = CAPTURES.find((capture) => capture === wish) ?? 'metadata';
  return CAPTURES.indexOf(wished) > CAPTURES.indexOf(project) ? wished : project;
}

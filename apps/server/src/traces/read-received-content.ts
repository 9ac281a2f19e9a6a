import type { FoundSpan } from '@app/store';

/** What was asked and answered, in the shape of a dialect. */
type Content = Pick<FoundSpan, 'request' | 'reply'> & { dialect: string };

/** Finds what was asked and answered with a span. */
export type ReadContent = (found: FoundSpan) => Content;

/** Of what is stored as a request and a reply; attributes are left to who knows their conventions. */
export const readStoredContent: ReadContent = ({ span, request, reply }) => ({
  dialect: span.dialect,
  request,
  reply,
});

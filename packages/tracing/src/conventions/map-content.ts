import type { AttributedSpan } from '../received/received-span.ts';
import { findConvention } from './find-convention.ts';
import type { MappedContent } from './mapped-span.ts';

/**
 * What was asked and answered, as the attributes and events of a span say it. A call of a model is read into a request
 * and a reply of chats, whatever its sender's form; anything else is what went in and came out.
 */
export function mapContent(span: AttributedSpan): MappedContent {
  const convention = findConvention(span);
  return convention.contentOf(span, convention.kindOf(span));
}

import type { Source } from './block.ts';
import { type Fields, isObject, listOf, stringOf, type Unknown } from './json.ts';
import { plainName } from './plain-name.ts';
import { safeUrl } from './safe-url.ts';

type Cited = {
  url?: string | undefined;
  title?: string | undefined;
  quote?: string | undefined;
  end?: Unknown;
};

/** A reply's citations, each source once, in the order of their first place. */
export const readCitations = (citations: Unknown): Source[] => gather(listOf(citations).map(citedOf));

/** Citations and annotations as the wires of OpenAI and Anthropic have them. */
export const readAnnotations = (annotations: Unknown): Source[] =>
  gather(listOf(annotations).map(annotatedOf));

/** What a search found: a list of pages. */
export const readPages = (pages: Unknown): Source[] => gather(listOf(pages).filter(isObject).map(pageOf));

function citedOf(citation: Unknown): Cited {
  if (!isObject(citation)) return {};
  const { url, title, quote, end } = citation;
  return { url: stringOf(url), title: stringOf(title), quote: stringOf(quote), end };
}

function annotatedOf(annotation: Unknown): Cited {
  if (!isObject(annotation)) return {};
  const inner = isObject(annotation.url_citation) ? annotation.url_citation : annotation;
  return {
    url: stringOf(inner.url) ?? stringOf(inner.source),
    title: stringOf(inner.title) ?? stringOf(inner.document_title) ?? stringOf(inner.filename),
    quote: stringOf(inner.cited_text),
    end: inner.end_index,
  };
}

const pageOf = ({ url, title, source }: Fields): Cited => ({
  url: stringOf(url) ?? stringOf(source),
  title: stringOf(title),
});

function gather(cited: readonly Cited[]): Source[] {
  const found = new Map<string, Source>();
  for (const { url = '', title = '', quote, end } of cited) {
    const key = `${url}\n${title}`;
    const source = found.get(key) ?? sourceOf(url, title);
    found.set(key, source);
    if (quote !== undefined && !source.quote?.includes(quote)) {
      source.quote = source.quote === undefined ? quote : `${source.quote}\n…\n${quote}`;
    }
    if (typeof end === 'number' && Number.isSafeInteger(end) && end > 0 && !source.ends.includes(end))
      source.ends.push(end);
  }
  return [...found.values()];
}

function sourceOf(url: string, title: string): Source {
  const safe = safeUrl(url);
  const name = plainName(title) || plainName(url) || 'a source without a name';
  // An address that may not be followed is still told, beside its title.
  const told = safe === undefined && url !== '' && title !== '' ? `${name} (${plainName(url)})` : name;
  return safe === undefined ? { title: told, ends: [] } : { title: told, url: safe, ends: [] };
}

const NAME = 'traceparent';

/**
 * Request options with the header added, in whichever form the headers are: none, an object, a list of pairs, `Headers`,
 * or the pair of `values` and `nulls` that the clients build themselves. A header of the app's own stays.
 */
export function withTraceparent(options: unknown, traceparent: string): unknown {
  if (typeof options === 'object' && options !== null && 'then' in options)
    return Promise.resolve(options).then((known) => withTraceparent(known, traceparent));
  const given = typeof options === 'object' && options !== null ? options : {};
  return { ...given, headers: headersWith(Reflect.get(given, 'headers'), traceparent) };
}

export function headersWith(headers: unknown, traceparent: string): unknown {
  if (typeof headers !== 'object' || headers === null) return { [NAME]: traceparent };
  if (Array.isArray(headers)) return hasPair(headers) ? headers : [...headers, [NAME, traceparent]];
  if (headers instanceof Headers) return addTo(headers, traceparent);
  const values = Reflect.get(headers, 'values');
  if (values instanceof Headers) return { ...headers, values: addTo(values, traceparent) };
  const isThere = Object.keys(headers).some((name) => name.toLowerCase() === NAME);
  return isThere ? headers : { ...headers, [NAME]: traceparent };
}

function hasPair(pairs: readonly unknown[]): boolean {
  return pairs.some((pair) => Array.isArray(pair) && String(pair[0]).toLowerCase() === NAME);
}

function addTo(headers: Headers, traceparent: string): Headers {
  if (headers.has(NAME)) return headers;
  const added = new Headers(headers);
  added.set(NAME, traceparent);
  return added;
}

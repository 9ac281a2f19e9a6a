/** A text as JSON writes it, and as it stands in JSON that is a text of JSON again: senders pack messages like that. */
export function writtenForms(text: string): [once: string, twice: string] {
  const once = JSON.stringify(text).slice(1, -1);
  return [once, JSON.stringify(once).slice(1, -1)];
}

import type { Frame } from './dialect.ts';

/**
 * A frame as text: LF line ends, a space after the colon, one blank line at the end. A frame that came from outside has
 * its own `bytes`; whoever relays it unchanged sends those. A name that would break out of its line is left out.
 * Source: the HTML standard, "Server-sent events".
 */
export function writeFrame({ event, data }: Frame): string {
  const lines = hasLineEnd(data) ? data.replace(LINE_END, '\ndata: ') : data;
  return event === undefined || hasLineEnd(event)
    ? `data: ${lines}\n\n`
    : `event: ${event}\ndata: ${lines}\n\n`;
}

const LINE_END = /\r\n|\r|\n/g;

function hasLineEnd(text: string): boolean {
  return text.includes('\n') || text.includes('\r');
}

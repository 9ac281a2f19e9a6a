import type { Frame } from './dialect.ts';

/**
 * A frame as text: LF line ends, a space after the colon, one blank line at the end. A frame that came from outside has
 * its own `bytes`; whoever relays it unchanged sends those.
 * Source: the HTML standard, "Server-sent events".
 */
export function writeFrame(frame: Frame): string {
  const data = frame.data.includes('\n') ? frame.data.replaceAll('\n', '\ndata: ') : frame.data;
  return frame.event === undefined ? `data: ${data}\n\n` : `event: ${frame.event}\ndata: ${data}\n\n`;
}

const DAY_MS = 86_400_000;

/** How much one batch and one span may hold. What is more is refused, span by span where it can be. */
export const BATCH_BOUNDS = {
  /** Spans, or events, and as many scores. */
  spansMax: 10_000,
  /** Of a span, its resource, an event or a link: some senders make an attribute of each field of each message. */
  attributesMax: 10_000,
  /** Lists and objects inside of each other within an attribute. */
  depthMax: 32,
  /** Values within one span, of all its attributes, events and links together. */
  valuesMax: 100_000,
  eventsMax: 10_000,
  linksMax: 1_000,
  /** UTF-16 units of an attribute's name. */
  keyCharsMax: 1_000,
  /** Lists and objects inside of each other in a whole JSON body. */
  bodyDepthMax: 400,
  /** A span may have begun so long before it arrived, and, by clocks that differ, so long after. */
  ageMsMax: 5 * 365 * DAY_MS,
  futureMsMax: DAY_MS,
} as const;

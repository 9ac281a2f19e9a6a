/** One source that a text rests on, under the number of its place in the list. */
export type Source = {
  title: string;
  /** Only `http:` and `https:`, so that a click leads to a page and runs nothing. */
  url?: string;
  /** What the source says. */
  quote?: string;
  /** Where in the text it is cited, in UTF-16 units; empty when nobody said. */
  ends: number[];
};

export type TokenChoice = { token: string; percent: string; instead: string };

/** A piece of a message as a person reads it. All of it is hostile: it is drawn as text and nothing else. */
export type Block = {
  kind:
    | 'text'
    | 'thinking'
    | 'tool-call'
    | 'tool-result'
    | 'image'
    | 'audio'
    | 'file'
    | 'refusal'
    | 'search'
    | 'json'
    | 'other';
  title?: string;
  text: string;
  /** What else there is to know, in a few words. */
  note?: string;
  /** Where a picture is, when it came inside the message. Pictures elsewhere are never fetched. */
  source?: string;
  sources?: Source[];
  tokens?: TokenChoice[];
  /** Names the call that a result answers. */
  callId?: string;
  /** What a result holds beside its text. */
  blocks?: Block[];
};

export type Message = { role: string; blocks: Block[] };

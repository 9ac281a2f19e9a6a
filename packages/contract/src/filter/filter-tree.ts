import type { FilterFlag, NumberField, TextField } from './filter-fields.ts';

/** A text that must be the same, or a pattern: its literal pieces, with anything between two of them. */
export type TextValue =
  | { how: 'same'; text: string }
  | { how: 'like'; pieces: readonly string[]; ignoresCase: boolean };

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

/**
 * What a filter says of one span. Numbers are in the unit of their field: nano-dollars, microseconds, tokens, or as they
 * are. `key` names the score or the entry of a field that has many.
 */
export type FilterTree =
  | { kind: 'all' | 'any'; of: readonly FilterTree[] }
  | { kind: 'not'; of: FilterTree }
  /** Occurs in what was asked or answered, or in the names of the span; letters in either case. */
  | { kind: 'text'; text: string }
  | { kind: 'is'; field: TextField; key?: string; value: TextValue }
  | { kind: 'compare'; field: NumberField; key?: string; comparison: Comparison; value: number }
  | { kind: 'flag'; field: 'stream'; value: boolean }
  | { kind: 'has'; what: FilterFlag };

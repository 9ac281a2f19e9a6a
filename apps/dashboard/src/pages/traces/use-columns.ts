import { useState } from 'react';
import { z } from 'zod';

export const COLUMN_NAMES = [
  'Time',
  'Status',
  'Model',
  'Message',
  'Prompt',
  'User',
  'Session',
  'Tags',
  'Environment',
  'Spans',
  'Tokens in / out',
  'First token',
  'Cost',
  'Duration',
] as const;
export type ColumnName = (typeof COLUMN_NAMES)[number];

const Stored = z.array(z.enum(COLUMN_NAMES)).min(1);
const STORED_UNDER = 'trace-columns';
const DEFAULT: readonly ColumnName[] = [
  ...(['Time', 'Status', 'Model', 'Message'] as const),
  ...(['Tokens in / out', 'Cost', 'Duration'] as const),
];

/** The columns of the list as this browser's user chose them. */
export function useColumns(): [readonly ColumnName[], (columns: readonly ColumnName[]) => void] {
  const [columns, setColumns] = useState(readStored);
  const choose = (chosen: readonly ColumnName[]) => {
    localStorage.setItem(STORED_UNDER, JSON.stringify(chosen));
    setColumns(chosen);
  };
  return [columns, choose];
}

function readStored(): readonly ColumnName[] {
  try {
    return Stored.parse(JSON.parse(localStorage.getItem(STORED_UNDER) ?? ''));
  } catch {
    return DEFAULT;
  }
}

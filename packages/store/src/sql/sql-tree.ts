/** A question as it was understood. Nothing of its text is in here but names, numbers and strings. */
export type SqlQuery = {
  with: { name: string; query: SqlQuery }[];
  selects: SqlSelect[];
  /** Between the selects. */
  union: 'ALL' | 'DISTINCT';
};

export type SqlSelect = {
  isDistinct: boolean;
  items: SqlItem[];
  from: SqlSource | undefined;
  joins: SqlJoin[];
  arrayJoin: { isLeft: boolean; items: SqlItem[] } | undefined;
  where: SqlExpression | undefined;
  groupBy: SqlExpression[];
  having: SqlExpression | undefined;
  orderBy: SqlOrder[];
  limitBy: { count: number; by: SqlExpression[] } | undefined;
  limit: number | undefined;
  offset: number | undefined;
};

export type SqlItem = { expression: SqlExpression; alias: string | undefined };

/** What rows come from: a table that may be asked, an earlier `WITH`, or a question in parentheses. */
export type SqlSource = (
  | { kind: 'table'; name: string }
  | { kind: 'with'; name: string }
  | { kind: 'query'; query: SqlQuery }
) & { alias: string | undefined };

export type SqlJoin = {
  /** Words of a closed list. */
  how: string;
  source: SqlSource;
  on: SqlExpression | undefined;
  using: string[];
};

export type SqlOrder = {
  expression: SqlExpression;
  isDescending: boolean;
  nulls: 'FIRST' | 'LAST' | undefined;
};

export type SqlWindow = { partitionBy: SqlExpression[]; orderBy: SqlOrder[]; frame: string | undefined };

export type SqlExpression =
  | { kind: 'number'; text: string }
  | { kind: 'string'; text: string }
  | { kind: 'word'; word: 'NULL' | 'TRUE' | 'FALSE' }
  | { kind: 'name'; path: string[] }
  /** `*` or `t.*`. */
  | { kind: 'star'; of: string | undefined }
  | {
      kind: 'call';
      name: string;
      parameters: SqlExpression[];
      isDistinct: boolean;
      arguments: SqlExpression[];
      over: SqlWindow | undefined;
    }
  | { kind: 'unary'; sign: '-' | 'NOT'; of: SqlExpression }
  | { kind: 'binary'; sign: string; left: SqlExpression; right: SqlExpression }
  | { kind: 'between'; isNot: boolean; of: SqlExpression; low: SqlExpression; high: SqlExpression }
  | { kind: 'in'; isNot: boolean; of: SqlExpression; list: SqlExpression[] | SqlQuery }
  | { kind: 'null'; isNot: boolean; of: SqlExpression }
  | {
      kind: 'case';
      of: SqlExpression | undefined;
      whens: { when: SqlExpression; value: SqlExpression }[];
      other: SqlExpression | undefined;
    }
  | { kind: 'cast'; of: SqlExpression; type: string }
  | { kind: 'interval'; count: SqlExpression; unit: string }
  | { kind: 'lambda'; names: string[]; body: SqlExpression }
  | { kind: 'array'; items: SqlExpression[] }
  | { kind: 'tuple'; items: SqlExpression[] }
  | { kind: 'element'; of: SqlExpression; at: SqlExpression }
  | { kind: 'query'; query: SqlQuery };

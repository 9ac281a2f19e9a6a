/** Something of a call that the target's dialect cannot say. `path` is the field in the caller's words. */
export type Loss = { path: string; why: 'unsupported' | 'changed' | 'lowered' };

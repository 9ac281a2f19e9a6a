/** `critical` stops a start in production; `warning` and `notice` are only told. */
export type Severity = 'critical' | 'warning' | 'notice';

/** Something about a deployment that should be different: what, why it matters, what to do. */
export type Finding = { check: string; severity: Severity; what: string; why: string; remedy: string };

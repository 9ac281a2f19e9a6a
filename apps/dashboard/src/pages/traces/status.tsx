import { Badge } from '../../ui/badge.tsx';

const CALLER_LEFT = 499;

/** The status the caller saw, in a colour that says how bad it is. */
export function Status({ status, isFailed }: { status: number; isFailed: boolean }) {
  if (status === CALLER_LEFT) {
    return (
      <span title="The caller left before the reply had ended">
        <Badge tone="warn">left</Badge>
      </span>
    );
  }
  if (status < 400 && isFailed) {
    return (
      <span title="The reply had begun when it failed">
        <Badge tone="bad">{status}, cut</Badge>
      </span>
    );
  }
  if (status < 400) return <Badge tone="good">{status}</Badge>;
  return <Badge tone={status < 500 ? 'warn' : 'bad'}>{status}</Badge>;
}

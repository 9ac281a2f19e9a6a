import { Link } from '@tanstack/react-router';
import { Card } from '../../ui/card.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Empty } from '../../ui/page-status.tsx';

/** What a newcomer sees: how to make the call that will fill this page. */
export function FirstCall() {
  return (
    <Card>
      <Empty title="No call yet">
        <p>
          Create a{' '}
          <Link to="/keys" className="font-medium text-accent underline underline-offset-4">
            test key
          </Link>
          , put it into <code className="font-mono text-xs">TOKENROUTER_API_KEY</code>, and make a call. Test
          keys are answered by the built-in sandbox and cost nothing.
        </p>
        <CodeBlock label="A first call with curl" text={firstCall(location.origin)} />
        <p>It shows up here within two seconds.</p>
      </Empty>
    </Card>
  );
}

const firstCall = (origin: string): string =>
  [
    `curl ${origin}/v1/chat/completions \\`,
    '  -H "Authorization: Bearer $TOKENROUTER_API_KEY" \\',
    '  -H "Content-Type: application/json" \\',
    `  -d '{"model": "gpt-4o-mini",`,
    `       "messages": [{"role": "user", "content": "Hello"}]}'`,
  ].join('\n');

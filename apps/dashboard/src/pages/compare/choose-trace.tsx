import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Field } from '../../ui/field.tsx';

const TRACE_ID = /[0-9a-f]{32}/;

/** Takes the id of a trace, or any link that holds one. */
export function ChooseTrace({ name, onChoose }: { name: string; onChoose: (traceId: string) => void }) {
  const [text, setText] = useState('');
  const id = TRACE_ID.exec(text.toLowerCase())?.[0];
  return (
    <Card className="p-4">
      <form
        className="flex items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (id !== undefined) onChoose(id);
        }}
      >
        <div className="min-w-0 flex-1">
          <Field
            label={`${name}: the id or the link of a trace`}
            value={text}
            onChange={(event) => setText(event.target.value)}
            problem={text !== '' && id === undefined ? 'A trace id has 32 hexadecimal digits.' : undefined}
          />
        </div>
        <Button type="submit" look="primary" disabled={id === undefined} className="h-10">
          Show
        </Button>
      </form>
    </Card>
  );
}

// TokenRouter's own six stream events, read with fetch alone.
const response = await fetch(`${process.env.TOKENROUTER_BASE_URL}/v1/responses`, {
  method: 'POST',
  headers: {
    authorization: `Bearer ${process.env.TOKENROUTER_API_KEY}`,
    'content-type': 'application/json',
    'x-tokenrouter-stream': 'native',
  },
  body: JSON.stringify({ model: 'claude-sonnet-4-5', input: 'Hello', stream: true }),
});
if (response.body === null) throw new Error(`The reply has no body (${response.status}).`);

let rest = '';
for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
  const frames = (rest + piece).split('\n\n');
  rest = frames.pop() ?? '';
  for (const frame of frames) show(frame);
}

function show(frame: string): void {
  const name = /^event: (.*)$/m.exec(frame)?.[1];
  const data = /^data: (.*)$/m.exec(frame)?.[1] ?? '';
  if (name === 'content.delta') process.stdout.write(JSON.parse(data).delta.text ?? '');
  else if (name !== undefined) process.stdout.write(`\n[${name}] ${data}`);
}
process.stdout.write('\n');

/** API keys in words. Pure. */
import type { KeyScope } from '#lib/keys/types.ts';

/** What a key may do, as a verb beside its name. */
export const scopeWords: Record<KeyScope, { label: string; badge: string; hint: string }> = {
  ask: { label: 'Ask', badge: 'asks', hint: 'Questions and answers with citations, kept with your conversations' },
  search: { label: 'Search', badge: 'searches', hint: 'Passages of the documents you may read, as they are' },
};

/** For how long a new key works. The longest is a year. */
export const spans = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '180', label: '180 days' },
  { value: '365', label: 'One year' },
] as const;
export type Span = (typeof spans)[number]['value'];

export interface Example {
  id: string;
  label: string;
  /** Where it goes, in a sentence. */
  where: string;
  code: string;
}

/** How programs are told where Attest is. `address` has no slash at its end. */
export function examplesFor(address: string): Example[] {
  return [
    {
      id: 'curl',
      label: 'curl',
      where: 'In a shell, with the key in the variable ATTEST_KEY:',
      code: `curl ${address}/v1/chat/completions \\
  -H "Authorization: Bearer $ATTEST_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "attest", "messages": [{"role": "user", "content": "How many days of annual leave do I have?"}]}'`,
    },
    {
      id: 'openai',
      label: 'OpenAI client',
      where: 'In any program that speaks OpenAI\'s interface, with another address. Citations stand in the field “attest”:',
      code: `import { env } from 'node:process';
import OpenAI from 'openai';

const client = new OpenAI({ baseURL: '${address}/v1', apiKey: env.ATTEST_KEY });
const completion = await client.chat.completions.create({
  model: 'attest',
  messages: [{ role: 'user', content: 'How many days of annual leave do I have?' }],
});
console.log(completion.choices[0].message.content, completion.attest.citations);`,
    },
    {
      id: 'editor',
      label: 'Editor (MCP)',
      where: 'In Visual Studio Code, as .vscode/mcp.json. It asks for the key once and keeps it:',
      code: `{
  "servers": {
    "attest": {
      "type": "http",
      "url": "${address}/mcp",
      "headers": { "Authorization": "Bearer \${input:attest-key}" }
    }
  },
  "inputs": [{ "type": "promptString", "id": "attest-key", "description": "API key of Attest", "password": true }]
}`,
    },
  ];
}

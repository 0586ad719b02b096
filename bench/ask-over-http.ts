/** One question through POST /api/ask, signed in as a person of the demo company: what a browser sends, and when events arrive. */
import { demoAccounts } from '#lib/auth/demo/accounts.ts';
import { signIn, testBrowser, type TestBrowser } from '#lib/auth/testing.ts';
import type { Role } from '#lib/actor.ts';

export type Asked = {
  /** Milliseconds from sending to the first byte of the stream, to the first text, and to the end. */
  readonly firstEventMs: number;
  readonly firstTextMs: number;
  readonly doneMs: number;
  /** Names of the events in order, repeats once. */
  readonly events: readonly string[];
};

export async function signInAs(address: string, role: Role): Promise<TestBrowser> {
  const browser = testBrowser(address);
  await signIn(browser, address, { account: demoAccounts.find((account) => account.role === role)?.id ?? '' });
  return browser;
}

/** Throws when the answer does not end with `done`. */
export async function ask(browser: TestBrowser, address: string, question: string): Promise<Asked> {
  const started = performance.now();
  const response = await browser.send(`${address}/api/ask`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: new URL(address).origin, 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ question }),
  });
  if (!response.ok || !response.body) throw new Error(`The question was refused: ${response.status} ${await response.text()}`);
  const arrived = new Map<string, number>();
  let rest = '';
  for await (const bytes of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + bytes).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines.filter((item) => item.startsWith('data:'))) {
      const { type } = JSON.parse(line.slice(5)) as { type: string };
      if (!arrived.has(type)) arrived.set(type, performance.now() - started);
    }
  }
  if (!arrived.has('done')) throw new Error(`The answer did not end well: ${[...arrived.keys()].join(', ')}`);
  const at = (type: string): number => arrived.get(type) ?? Number.NaN;
  return { firstEventMs: Math.min(...arrived.values()), firstTextMs: at('text'), doneMs: at('done'), events: [...arrived.keys()] };
}

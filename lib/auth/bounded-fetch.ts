/** Asking an identity provider for something, with limits: how long, how much, and never elsewhere than asked. */

const fetchMsMax = 5000;
const bytesMax = 256 * 1024;

export interface ProviderAnswer {
  status: number;
  contentType: string;
  text: string;
}

/**
 * What `address` answers, whatever the status. Throws when it does not answer within 5 s, answers more than 256 KiB or
 * redirects: no provider needs to, and a redirect would carry a code or secret to wherever it points.
 */
export async function askProvider(address: string, init: { method?: 'POST'; headers?: Record<string, string>; body?: URLSearchParams } = {}): Promise<ProviderAnswer> {
  const response = await fetch(address, { ...init, signal: AbortSignal.timeout(fetchMsMax), redirect: 'error', headers: { accept: 'application/json', ...init.headers } });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  let text = '';
  for await (const part of response.body ?? []) {
    bytes += part.byteLength;
    if (bytes > bytesMax) throw new Error(`The provider answered more than ${bytesMax / 1024} KiB.`);
    text += decoder.decode(part, { stream: true });
  }
  return { status: response.status, contentType: response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '', text: text + decoder.decode() };
}

/** The JSON that `address` answers with status 200. Throws as `askProvider` does, and for anything else. */
export async function askForJson(address: string, headers: Record<string, string> = {}): Promise<unknown> {
  const { status, text } = await askProvider(address, { headers });
  if (status !== 200) throw new OutageError(`The provider answered ${status}.`, status);
  return JSON.parse(text);
}

/** A provider that answers as a broken or refusing server does. */
export class OutageError extends Error {
  override readonly name = 'OutageError';
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

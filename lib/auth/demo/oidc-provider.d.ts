/** The part of oidc-provider 9 that the demo and the tests use; the package brings no types. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  export interface Payload {
    uid?: string;
    grantId?: string;
    consumed?: number;
    [member: string]: unknown;
  }

  export interface Store {
    upsert: (id: string, payload: Payload, expiresInSeconds?: number) => Promise<void>;
    find: (id: string) => Promise<Payload | undefined>;
    findByUid: (uid: string) => Promise<Payload | undefined>;
    findByUserCode: (code: string) => Promise<Payload | undefined>;
    consume: (id: string) => Promise<void>;
    destroy: (id: string) => Promise<void>;
    revokeByGrantId: (grantId: string) => Promise<void>;
  }

  export interface Grant {
    addOIDCScope: (scope: string) => void;
    save: () => Promise<string>;
  }

  export interface Context {
    oidc: {
      client: { clientId: string };
      session: { accountId: string };
      provider: { Grant: new (of: { clientId: string; accountId: string }) => Grant };
    };
    type: string;
    body: unknown;
    set: (name: string, value: string) => void;
  }

  export interface Account {
    accountId: string;
    claims: () => Promise<{ sub: string; [claim: string]: unknown }>;
  }

  export interface Configuration {
    adapter: (model: string) => Store;
    clients: readonly Record<string, unknown>[];
    jwks: { keys: readonly object[] };
    cookies: { keys: readonly string[]; names: Record<string, string>; long: object; short: object };
    claims: Record<string, readonly string[]>;
    conformIdTokenClaims: boolean;
    features: Record<string, { enabled: boolean; [option: string]: unknown }>;
    findAccount: (context: Context, id: string) => Promise<Account | undefined>;
    interactions: { url: (context: Context, interaction: { uid: string }) => string };
    loadExistingGrant: (context: Context) => Promise<Grant>;
    pkce: { required: () => boolean };
    renderError: (context: Context, out: { error: string }) => Promise<void>;
    ttl: Record<string, number>;
    clientBasedCORS: () => boolean;
    fetch?: (address: string | URL, options: RequestInit) => Promise<Response>;
  }

  export default class Provider {
    constructor(issuer: string, configuration: Configuration);
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<{ uid: string }>;
    interactionFinished(request: IncomingMessage, response: ServerResponse, result: { login: { accountId: string } } | { error: string; error_description?: string }): Promise<void>;
    on(event: string, listener: (...given: unknown[]) => void): this;
  }
}

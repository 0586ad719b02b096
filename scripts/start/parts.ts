/** The processes of the product: which entry each runs, with which variables, and how it says that it is ready. */
import path from 'node:path';
import { embeddedDatabaseEntry } from '#lib/db/embedded/start.ts';
import { modelsProcessEnvironment } from '#lib/models/cores.ts';
import { root } from './build.ts';
import type { Part } from './child.ts';

/** Variables of the whole product, complete: every address and secret is decided. */
export type Variables = Readonly<Record<string, string | undefined>>;

export function databasePart(variables: Variables): Part {
  return { name: 'database', entry: [embeddedDatabaseEntry], environment: variables };
}

export function webPart(variables: Variables): Part {
  return {
    name: 'web',
    entry: [path.join(root, 'scripts/web.ts')],
    environment: variables,
    health: `http://${variables['WEB_HOST']}:${variables['WEB_PORT']}/api/health`,
  };
}

/**
 * Node lets the young generation of its heap grow to many times 4 MB before it looks what of it is still used. Measured
 * with the demo company and an embedder: 152 MB resident instead of 241 to 265, in the same time.
 */
export const ingestNodeOptions = ['--max-semi-space-size=4'];

export function ingestPart(variables: Variables): Part {
  return {
    name: 'ingest',
    entry: [path.join(root, 'ingest/main.ts')],
    nodeOptions: ingestNodeOptions,
    environment: variables,
    health: `http://${variables['INGEST_HOST']}:${variables['INGEST_PORT']}/health`,
  };
}

export function modelsPart(variables: Variables): Part {
  return {
    name: 'models',
    entry: [path.join(root, 'lib/models/server/main.ts')],
    environment: { ...variables, ...modelsProcessEnvironment() },
    health: `http://${variables['MODELS_HOST']}:${variables['MODELS_PORT']}/health`,
  };
}

/** The demo identity provider, on loopback. */
export function signInPart(variables: Variables): Part {
  return {
    name: 'sign-in',
    entry: [path.join(root, 'lib/auth/demo/main.ts')],
    environment: variables,
    health: `${variables['DEMO_ISSUER']}/.well-known/openid-configuration`,
  };
}

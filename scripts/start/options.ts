/** What can be said on the command line of `npm start`, and the help for it. Everything else is a variable, see lib/env.ts. */
import { parseArgs } from 'node:util';
import { envNames } from '#lib/env.ts';

export type StartOptions = {
  readonly help: boolean;
  /** Every log line on the terminal, not warnings only. */
  readonly verbose: boolean;
  /** The variables that options stand for. */
  readonly variables: Readonly<Record<string, string>>;
};

/** Parses the arguments after `npm start --`. Throws one sentence for an option that does not exist or makes no sense. */
export function parseStartOptions(args: string[]): StartOptions {
  const { values } = parseArgs({
    args,
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      verbose: { type: 'boolean', short: 'v', default: false },
      port: { type: 'string', short: 'p' },
      data: { type: 'string', short: 'd' },
      models: { type: 'string' },
      demo: { type: 'string' },
      downloads: { type: 'string' },
    },
  });
  const variables: Record<string, string> = {};
  if (values.port !== undefined) variables['WEB_PORT'] = values.port;
  if (values.data !== undefined) variables['DATA_DIR'] = values.data;
  if (values.models !== undefined) variables['MODELS_DIR'] = values.models;
  if (values.demo !== undefined) variables['DEMO'] = onOff('--demo', values.demo);
  if (values.downloads !== undefined) variables['MODELS_DOWNLOAD'] = onOff('--downloads', values.downloads);
  return { help: values.help, verbose: values.verbose, variables };
}

function onOff(name: string, value: string): string {
  if (value !== 'on' && value !== 'off') throw new Error(`${name} is either on or off, not "${value}".`);
  return value;
}

export const helpText = `Attest: answers from your company's own documents, on your own machines.

  npm start                       start everything on this machine
  npm start -- --port 8080        serve on http://127.0.0.1:8080
  npm start -- --data ./folder    keep the database, files, models and secrets there (default .data)
  npm start -- --models ./folder  use GGUF model files from there (default DATA/models)
  npm start -- --demo off         do not fill in the demo company (default: on without OIDC_ISSUER and DATABASE_URL)
  npm start -- --downloads off    never download models
  npm start -- --verbose          show every log line here, not warnings only
  npm start -- --help             this text

Ctrl-C stops everything in order; a second Ctrl-C ends it at once. The data stays.

Variables, from the surroundings or a file .env, each described in docs/operations.md:
${wrap(envNames)}
`;

function wrap(names: readonly string[]): string {
  const lines: string[] = [];
  for (const name of names) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + name.length < 96) lines[lines.length - 1] = `${last} ${name}`;
    else lines.push(`  ${name}`);
  }
  return lines.join('\n');
}

/** Reads docker-compose.yml as docker compose does: merges, then variables. For the tests that hold the file to the code. */
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const service = z.looseObject({
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.coerce.string()).default({}),
  healthcheck: z.looseObject({ test: z.array(z.string()).optional() }).optional(),
});
const file = z.looseObject({ services: z.record(z.string(), service) });

export const composeFile = path.resolve(import.meta.dirname, '../docker-compose.yml');
export const composeText = fs.readFileSync(composeFile, 'utf8');

/** Services by name, variables not yet filled in. */
export const services = file.parse(parse(composeText, { merge: true })).services;

export type Variable = { readonly name: string; readonly operator: ':-' | ':?' | ''; readonly word: string };

const pattern = /\$\{(\w+)(?:(:-|:\?)([^}]*))?\}/g;

/** Every variable that a text mentions. */
export function variablesOf(text: string): Variable[] {
  return [...text.matchAll(pattern)].map(([, name = '', operator, word = '']) => ({ name, operator: operator === ':-' || operator === ':?' ? operator : '', word }));
}

/** Fills in `${NAME:-default}` and `${NAME:?message}`. Throws the name and message of a required variable that is missing. */
export function fillIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(pattern, (...found: string[]) => {
    const [, name = '', operator, word] = found;
    const value = values[name];
    if (value !== undefined && value !== '') return value;
    if (operator === ':?') throw new Error(`required variable ${name} is missing a value: ${word}`);
    return word ?? '';
  });
}

/** The environment of one service with its variables filled in. */
export function environmentOf(name: string, values: Readonly<Record<string, string>>): Record<string, string> {
  const found = services[name];
  if (!found) throw new Error(`docker-compose.yml has no service ${name}`);
  return Object.fromEntries(Object.entries(found.environment).map(([key, value]) => [key, fillIn(value, values)]));
}

/** Reads a PATCH request (RFC 7644 section 3.5.2), and in it the paths, with the liberties that Entra ID and Okta take. */
import { ScimError } from '../error.ts';
import { parseElementFilter, type Filter } from '../filter/parse.ts';
import { readObject } from '../input.ts';
import { findTarget, named, type Attribute, type ResourceSchema } from '../schema.ts';
import { limits, messages } from '../types.ts';

export interface Operation {
  op: 'add' | 'replace' | 'remove';
  path: string | undefined;
  value: unknown;
}

/** Where an operation works: `emails`, `name.givenName`, `emails[type eq "work"]`, `emails[type eq "work"].value`. */
export interface PatchPath {
  attribute: Attribute;
  /** Which of several values. */
  filter: Filter | undefined;
  child: Attribute | undefined;
}

/** The operations of a PATCH body, in their order. Throws ScimError 'invalidSyntax', 'invalidValue' or 'noTarget'. */
export function readOperations(body: unknown): Operation[] {
  const given = lowerNames(readObject(body));
  const schemas = given['schemas'];
  if (!Array.isArray(schemas) || !schemas.some((each) => typeof each === 'string' && each.toLowerCase() === messages.patch.toLowerCase())) {
    throw new ScimError('invalidSyntax', `"schemas" must name ${messages.patch}.`);
  }
  const operations = given['operations'];
  if (!Array.isArray(operations) || operations.length === 0) throw new ScimError('invalidSyntax', '"Operations" must be a list of at least one operation.');
  if (operations.length > limits.patchOperations) throw new ScimError('invalidValue', `More than ${limits.patchOperations} operations in one request.`);
  return operations.map(readOperation);
}

function readOperation(given: unknown, index: number): Operation {
  const { op, path, value } = lowerNames(readObject(given));
  const name = typeof op === 'string' ? op.toLowerCase() : '';
  const where = `Operation ${index + 1}`;
  if (name !== 'add' && name !== 'replace' && name !== 'remove') throw new ScimError('invalidSyntax', `${where} must be add, replace or remove.`);
  if (path !== undefined && path !== null && typeof path !== 'string') throw new ScimError('invalidPath', `The path of ${where.toLowerCase()} must be text.`);
  const isPathless = path === undefined || path === null || path === '';
  if (isPathless && name === 'remove') throw new ScimError('noTarget', `${where} does not say what to remove.`);
  if (value === undefined && name !== 'remove') throw new ScimError('invalidValue', `${where} has no value.`);
  return { op: name, path: isPathless ? undefined : path, value };
}

function lowerNames(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name.toLowerCase(), value]));
}

const shape = /^(?<attribute>[^[\]]+?)(?:\[(?<filter>.*)\])?(?:\.(?<child>[\w$-]+))?$/s;

/** What `path` leads to; undefined for an attribute that is not kept. Throws ScimError 'invalidPath' or 'invalidFilter'. */
export function readPath(schema: ResourceSchema, path: string): PatchPath | undefined {
  const { filter, child, attribute: before } = split(path);
  const target = findTarget(schema, before);
  if (target === undefined) throw new ScimError('invalidPath', `"${path.slice(0, 200)}" is no attribute of a ${schema.name.toLowerCase()}.`);
  const { attribute } = target;
  if (!attribute.kept) return undefined;
  if (filter !== undefined && (!attribute.multiValued || target.child !== undefined)) throw new ScimError('invalidPath', `"${attribute.name}" has no several values to choose from.`);
  const part = child === undefined ? target.child : named(attribute.children, child);
  if (child !== undefined && part === undefined) throw new ScimError('invalidPath', `"${attribute.name}" has no part "${child}".`);
  if (part !== undefined && !part.kept) return undefined;
  return { attribute, filter: filter === undefined ? undefined : parseElementFilter(filter, attribute), child: part };
}

/** Takes the path apart. What has no brackets is left whole, because a schema before the attribute holds dots too. */
function split(path: string): { attribute: string; filter: string | undefined; child: string | undefined } {
  if (!/[[\]]/.test(path)) return { attribute: path, filter: undefined, child: undefined };
  const groups = shape.exec(path)?.groups;
  if (groups?.['attribute'] === undefined) throw new ScimError('invalidPath', `The path "${path.slice(0, 200)}" cannot be read.`);
  return { attribute: groups['attribute'], filter: groups['filter'], child: groups['child'] };
}

/**
 * Reads what a client sends about a resource: names in any case of letters become ours, values are checked against
 * their types, and what is not kept, not known or ours alone to write is left out.
 */
import { ScimError } from './error.ts';
import { isObject } from './filter/evaluate.ts';
import { findTarget, isKept, named, type Attribute, type ResourceSchema } from './schema.ts';
import { limits, type ScimObject, type ScimValue } from './types.ts';

/** The attributes of a resource that a POST or PUT carries. Throws ScimError 'invalidSyntax' or 'invalidValue'. */
export function readResource(schema: ResourceSchema, body: unknown): ScimObject {
  const given = readObject(body);
  const schemas = Object.entries(given).find(([name]) => name.toLowerCase() === 'schemas')?.[1];
  const isNamed = Array.isArray(schemas) && schemas.some((each) => typeof each === 'string' && each.toLowerCase() === schema.id.toLowerCase());
  if (!isNamed) throw new ScimError('invalidSyntax', `"schemas" must name ${schema.id}.`);
  const read: ScimObject = {};
  for (const [name, value] of Object.entries(given)) {
    const target = findTarget(schema, name);
    if (target === undefined || target.child !== undefined || !isKept(target) || target.attribute.readOnly) continue;
    assign(read, target.attribute, readValue(target.attribute, value));
  }
  return read;
}

/** The body as an object. Throws ScimError 'invalidSyntax'. */
export function readObject(body: unknown): Record<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new ScimError('invalidSyntax', 'The body must be a JSON object.');
  return { ...body };
}

/** Sets the attribute, or takes it away where there is no value: null and an empty list are no value (RFC 7643 section 2.5). */
export function assign(object: ScimObject, { name }: Attribute, value: ScimValue | undefined): void {
  if (value === undefined) delete object[name];
  else object[name] = value;
}

/** A value of that attribute as it is kept; undefined: no value. Throws ScimError 'invalidValue'. */
export function readValue(attribute: Attribute, given: unknown): ScimValue | undefined {
  if (given === null || given === undefined) return undefined;
  if (!attribute.multiValued) return readSingle(attribute, given);
  // Some clients send the one value of a list without the list.
  const list = Array.isArray(given) ? given : [given];
  const max = attribute.name === 'members' ? limits.groupMembers : limits.values;
  if (list.length > max) throw invalid(`"${attribute.name}" has more than ${max} values.`);
  const values = list.map((each) => readSingle(attribute, each)).filter((each) => each !== undefined);
  return values.length === 0 ? undefined : values;
}

/** One value of that attribute, also where it may have several. */
export function readSingle(attribute: Attribute, given: unknown): ScimValue | undefined {
  if (given === null || given === undefined) return undefined;
  if (attribute.type === 'boolean') return readBoolean(attribute, given);
  if (attribute.children.length > 0) return readComplex(attribute, given);
  if (typeof given !== 'string') throw invalid(`"${attribute.name}" must be text.`);
  return readText(attribute, given);
}

function readText({ name }: Attribute, text: string): string | undefined {
  if (text.length > limits.textCharacters) throw invalid(`"${name}" is longer than ${limits.textCharacters} characters.`);
  if (/[\p{Cc}\p{Cs}]/u.test(text)) throw invalid(`"${name}" contains characters that are not text.`);
  return text.trim() === '' ? undefined : text;
}

/** Entra ID writes booleans as text: "True", "False". */
function readBoolean({ name }: Attribute, given: unknown): boolean {
  if (typeof given === 'boolean') return given;
  const word = typeof given === 'string' ? given.toLowerCase() : '';
  if (word !== 'true' && word !== 'false') throw invalid(`"${name}" must be true or false.`);
  return word === 'true';
}

function readComplex(attribute: Attribute, given: unknown): ScimObject | undefined {
  // A bare text stands for the value: "members": ["2819c223..."].
  const source = typeof given === 'string' && attribute.multiValued ? { value: given } : given;
  if (typeof source !== 'object' || source === null || Array.isArray(source)) throw invalid(`"${attribute.name}" must consist of ${attribute.children.filter((child) => child.kept).map((child) => child.name).join(', ')}.`);
  const read: ScimObject = {};
  for (const [name, value] of Object.entries(source)) {
    const child = named(attribute.children, name);
    if (child?.kept === true && !child.readOnly) assign(read, child, readSingle(child, value));
  }
  return Object.keys(read).length === 0 ? undefined : read;
}

/** At most one of several values is the primary one (RFC 7643 section 2.4). Throws ScimError 'invalidValue'. */
export function checkPrimary(resource: ScimObject): void {
  for (const [name, value] of Object.entries(resource)) {
    if (!Array.isArray(value)) continue;
    if (value.filter((each) => isObject(each) && each['primary'] === true).length > 1) throw invalid(`More than one of "${name}" is the primary one.`);
  }
}

function invalid(detail: string): ScimError {
  return new ScimError('invalidValue', detail);
}

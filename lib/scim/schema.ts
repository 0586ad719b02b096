/**
 * The attributes of users and groups: scimmy's definitions of the RFC 7643 schemas, narrowed to what Attest keeps.
 * A directory sends more than that; what is standard or of an extension, and not kept, is accepted and left out.
 * scimmy's own classes are only read here, never extended or declared, because those are shared by the whole process.
 */
import { Group, User } from 'scimmy/schemas';
import type { Attribute as ScimmyAttribute, SchemaDefinition } from 'scimmy/types';

export interface Attribute {
  readonly name: string;
  readonly type: string;
  readonly multiValued: boolean;
  readonly caseExact: boolean;
  readonly readOnly: boolean;
  readonly required: boolean;
  /** False: accepted and left out. */
  readonly kept: boolean;
  readonly children: readonly Attribute[];
  /** As the RFC describes it, for /Schemas. */
  readonly description: Record<string, unknown>;
}

export interface ResourceSchema {
  readonly name: 'User' | 'Group';
  readonly id: string;
  readonly endpoint: string;
  readonly description: string;
  readonly attributes: readonly Attribute[];
}

/** An attribute, or one of its sub-attributes, that a path leads to. */
export interface Target {
  readonly attribute: Attribute;
  readonly child: Attribute | undefined;
}

const keptOfUser = new Set([
  'schemas', 'id', 'externalId', 'meta', 'meta.resourceType', 'meta.created', 'meta.lastModified', 'meta.location', 'meta.version',
  'userName', 'displayName', 'name', 'name.formatted', 'name.familyName', 'name.givenName', 'active',
  'emails', 'emails.value', 'emails.type', 'emails.primary', 'roles', 'roles.value', 'roles.type', 'roles.primary', 'roles.display',
  'groups', 'groups.value', 'groups.$ref', 'groups.display', 'groups.type',
]);
const keptOfGroup = new Set([
  'schemas', 'id', 'externalId', 'meta', 'meta.resourceType', 'meta.created', 'meta.lastModified', 'meta.location', 'meta.version',
  'displayName', 'members', 'members.value', 'members.$ref', 'members.type', 'members.display',
]);

/** Ids and addresses of our own, which are compared as they are. */
const exactByNature = new Set(['id', 'externalId', 'members.value', 'members.$ref', 'groups.value', 'groups.$ref']);
/** Follows from `value`. */
const readOnlyHere = new Set(['members.$ref', 'members.display', 'schemas']);

export const userSchema = narrow(User.definition, { name: 'User', endpoint: '/Users', kept: keptOfUser });
export const groupSchema = narrow(Group.definition, { name: 'Group', endpoint: '/Groups', kept: keptOfGroup });
export const resourceSchemas: readonly ResourceSchema[] = [userSchema, groupSchema];

function narrow(definition: SchemaDefinition, as: { name: 'User' | 'Group'; endpoint: string; kept: ReadonlySet<string> }): ResourceSchema {
  const attributes = definition.attributes.filter((each) => 'config' in each).map((each) => read(each, '', as.kept));
  return { name: as.name, id: definition.id, endpoint: as.endpoint, description: definition.description, attributes };
}

function read(from: ScimmyAttribute, prefix: string, kept: ReadonlySet<string>): Attribute {
  const path = `${prefix}${from.name}`;
  const { subAttributes: _, ...said } = { ...from.toJSON() };
  const children = (from.subAttributes ?? []).map((child) => read(child, `${path}.`, kept));
  const caseExact = from.config.caseExact === true || exactByNature.has(path);
  // The RFC wants a group to have a name; scimmy leaves that to the product.
  const required = from.config.required === true || (path === 'displayName' && kept === keptOfGroup);
  return {
    name: from.name,
    type: from.type,
    multiValued: from.config.multiValued === true,
    caseExact,
    readOnly: from.config.mutable === false || from.config.mutable === 'readOnly' || readOnlyHere.has(path),
    required,
    kept: kept.has(path),
    children,
    description: {
      ...said,
      required,
      ...('caseExact' in said ? { caseExact } : {}),
      ...(readOnlyHere.has(path) ? { mutability: 'readOnly' } : {}),
      ...(children.length === 0 ? {} : { subAttributes: children.filter((child) => child.kept).map((child) => child.description) }),
    },
  };
}

/** What stands for every attribute of an extension: accepted and left out. */
const ofExtension: Attribute = { name: 'extension', type: 'string', multiValued: false, caseExact: false, readOnly: false, required: false, kept: false, children: [], description: {} };

/** The attribute that `path` (`userName`, `name.givenName`, with or without the schema before it) names; undefined when there is none. */
export function findTarget(schema: ResourceSchema, path: string): Target | undefined {
  const lower = path.toLowerCase();
  const own = `${schema.id.toLowerCase()}:`;
  if (lower.startsWith('urn:') && !lower.startsWith(own)) return { attribute: ofExtension, child: undefined };
  const [first = '', second, ...more] = (lower.startsWith(own) ? path.slice(own.length) : path).split('.');
  const attribute = named(schema.attributes, first);
  if (attribute === undefined || more.length > 0) return undefined;
  if (second === undefined) return { attribute, child: undefined };
  const child = named(attribute.children, second);
  return child === undefined ? undefined : { attribute, child };
}

/** The one of `attributes` with that name, in any case of letters. */
export function named(attributes: readonly Attribute[], name: string): Attribute | undefined {
  const lower = name.toLowerCase();
  return attributes.find((attribute) => attribute.name.toLowerCase() === lower);
}

/** True when Attest keeps what `target` names. */
export function isKept({ attribute, child }: Target): boolean {
  return attribute.kept && (child?.kept ?? true);
}

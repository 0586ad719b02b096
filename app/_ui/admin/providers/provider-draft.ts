/** A provider as it is being typed: all fields of both kinds, and what is sent of them. Pure. */
import type { ProviderKind, ProviderRow } from '#lib/auth/types.ts';

export interface ProviderDraft {
  id: string;
  kind: ProviderKind;
  name: string;
  issuer: string;
  clientId: string;
  /** '' keeps the one that is there. */
  secret: string;
  scopes: string;
  groupsClaim: string;
  logout: 'provider' | 'here';
  trustsEmail: boolean;
  entryPoint: string;
  certificate: string;
  audience: string;
  emailAttribute: string;
  nameAttribute: string;
  groupsAttribute: string;
}

/** What a new one begins with, or what is there of an older one. */
export function draftOf(provider: ProviderRow | undefined, address: string): ProviderDraft {
  const empty: ProviderDraft = {
    id: '', kind: 'oidc', name: '', issuer: '', clientId: '', secret: '', scopes: 'openid email profile', groupsClaim: 'groups', logout: 'provider', trustsEmail: false,
    entryPoint: '', certificate: '', audience: address, emailAttribute: 'email', nameAttribute: 'name', groupsAttribute: 'groups',
  };
  return provider === undefined ? empty : { ...empty, id: provider.id, kind: provider.kind, name: provider.name, ...provider.settings };
}

/** The settings of the draft's kind, as the routes take them. */
export function settingsOf(draft: ProviderDraft): Record<string, unknown> {
  const { issuer, trustsEmail } = draft;
  if (draft.kind === 'saml') {
    const { entryPoint, certificate, audience, emailAttribute, nameAttribute, groupsAttribute } = draft;
    return { issuer: issuer.trim(), entryPoint: entryPoint.trim(), certificate, audience: audience.trim(), emailAttribute: emailAttribute.trim(), nameAttribute: nameAttribute.trim(), groupsAttribute: groupsAttribute.trim(), trustsEmail };
  }
  const { clientId, scopes, groupsClaim, logout } = draft;
  return { issuer: issuer.trim(), clientId: clientId.trim(), scopes: scopes.trim(), groupsClaim: groupsClaim.trim(), trustsEmail, logout };
}

/** What makes a new provider. */
export function creationOf(draft: ProviderDraft): Record<string, unknown> {
  const secret = draft.kind === 'oidc' && draft.secret !== '' ? { secret: draft.secret } : {};
  return { id: draft.id, kind: draft.kind, name: draft.name.trim(), settings: settingsOf(draft), ...secret };
}

/** What changes one that is there. */
export function changeOf(draft: ProviderDraft, revision: number): Record<string, unknown> {
  const secret = draft.kind === 'oidc' && draft.secret !== '' ? { secret: draft.secret } : {};
  return { revision, name: draft.name.trim(), settings: settingsOf(draft), ...secret };
}

/** True when everything is filled in that must be. */
export function isComplete(draft: ProviderDraft): boolean {
  const needed = draft.kind === 'oidc' ? [draft.id, draft.name, draft.issuer, draft.clientId, draft.scopes, draft.groupsClaim] : [draft.id, draft.name, draft.issuer, draft.entryPoint, draft.certificate, draft.audience];
  return needed.every((value) => value.trim() !== '');
}

/** An id made from a name, for those who type none: "Entra ID (Berlin)" becomes "entra-id-berlin". */
export function idFrom(name: string): string {
  return name.normalize('NFKD').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^[^a-z]+|-+$/g, '').slice(0, 40).replace(/-+$/, '');
}

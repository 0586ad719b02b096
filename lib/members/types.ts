/** Members, groups and sessions as people see them. */
import type { Role } from '../actor.ts';

export interface MemberRow {
  id: string;
  name: string;
  email: string;
  role: Role;
  groups: { id: string; name: string }[];
  createdAt: string;
  disabledAt: string | null;
}

export interface GroupRow {
  id: string;
  name: string;
  everyone: boolean;
  /** What is granted to it reaches others only with the consent of two admins. */
  sensitive: boolean;
  /** Direct members. */
  members: number;
  /** Groups that stand inside it: their members are in it too. */
  inner: { id: string; name: string }[];
  createdAt: string;
}

/** Who is signed in, for the frame of every page. */
export interface Profile {
  id: string;
  name: string;
  email: string;
  role: Role;
  groups: string[];
  collections: number;
  documents: number;
  /** True while the demo identity provider is in use. */
  demo: boolean;
}

/** A sentence and a colour for each part of the product. */
export interface SystemStatus {
  state: 'working' | 'limited' | 'failing';
  parts: { name: 'models' | 'ingestion' | 'database' | 'log' | 'siem'; state: 'working' | 'limited' | 'failing'; sentence: string }[];
}

/** One browser in which a member is signed in. */
export interface SessionRow {
  id: string;
  createdAt: string;
  /** To the minute: when it was used last is written that often. */
  lastUsedAt: string;
  expiresAt: string;
  /** "Firefox on Windows"; '' where the browser did not say. */
  device: string;
  /** What the sign-in page calls the provider, or its id where it is gone; null for sessions from before it was kept. */
  provider: string | null;
  /** True for the session that asks. */
  current: boolean;
  member: { id: string; name: string; email: string };
}

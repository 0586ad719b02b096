/** The rooms of the product and the pages in them: the one list that the rail, the bottom bar and the palette show. */
import { BookOpen, MessageSquareText, ScrollText, SlidersHorizontal, type LucideIcon } from 'lucide-react';

/** What the member may enter, as the server said when the page was made. A hint for what to show; every page checks again. */
export interface Rights {
  admin: boolean;
  compliance: boolean;
}

export interface Area {
  href: string;
  label: string;
  icon: LucideIcon;
  /** The right it takes; null: everybody. */
  right: keyof Rights | null;
  /** Pages inside, shown in the rail while one is there. */
  pages: { href: string; label: string }[];
}

const areas: Area[] = [
  { href: '/ask', label: 'Ask', icon: MessageSquareText, right: null, pages: [] },
  { href: '/library', label: 'Library', icon: BookOpen, right: null, pages: [] },
  {
    href: '/admin',
    label: 'Admin',
    icon: SlidersHorizontal,
    right: 'admin',
    pages: [
      { href: '/admin/members', label: 'Members and groups' },
      { href: '/admin/approvals', label: 'Approvals' },
      { href: '/admin/sign-in', label: 'Sign-in' },
      { href: '/admin/provisioning', label: 'Provisioning' },
      { href: '/admin/sessions', label: 'Sessions' },
      { href: '/admin/keys', label: 'API keys' },
      { href: '/admin/ingestion', label: 'Ingestion' },
      { href: '/admin/models', label: 'Models' },
    ],
  },
  {
    href: '/compliance',
    label: 'Compliance',
    icon: ScrollText,
    right: 'compliance',
    pages: [{ href: '/compliance/records', label: 'Records' }],
  },
];

/** The areas that a member with these rights may enter. */
export function areasFor(rights: Rights): Area[] {
  return areas.filter((area) => area.right === null || rights[area.right]);
}

/** True when `path` is that page or lies below it. */
export function isWithin(path: string, href: string): boolean {
  return path === href || path.startsWith(`${href}/`);
}

/** Ctrl or Cmd K: reaches every page, document, conversation and command by a few letters. */
'use client';
import { Command } from 'cmdk';
import { Keyboard, KeyRound, LogOut, MessageSquareText, Monitor, Moon, PanelLeft, Search, SquarePen, Sun, type LucideIcon } from 'lucide-react';
import { useTheme } from 'next-themes';
import { useRouter } from 'next/navigation.js';
import { useDeferredValue, useState } from 'react';
import { Dialog, DialogContent } from '../primitives/dialog.tsx';
import { FileIcon } from '../primitives/file-icon.tsx';
import { useFrame } from './frame-context.ts';
import { areasFor } from './navigation.ts';
import { signOut } from './sign-out.ts';
import { usePaletteSearch } from './use-palette-search.ts';

const itemLook =
  'flex cursor-default items-center gap-2.5 rounded-md px-2.5 py-2 text-sm data-[selected=true]:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:stroke-[1.6] [&_svg]:text-ink-3';
const groupLook = '[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-ink-3';

export function CommandPalette() {
  const { layer, setLayer } = useFrame();
  return (
    <Dialog open={layer === 'palette'} onOpenChange={(open) => setLayer(open ? 'palette' : null)}>
      <DialogContent bare title="Search and commands" description="Type to find pages, documents, conversations and commands." className="w-[min(38rem,calc(100vw-1.5rem))]">
        <PaletteBody close={() => setLayer(null)} />
      </DialogContent>
    </Dialog>
  );
}

function PaletteBody({ close }: { close: () => void }) {
  const [typed, setTyped] = useState('');
  const router = useRouter();
  const { documents, conversations, searching } = usePaletteSearch(useDeferredValue(typed.trim()));
  const go = (href: string) => () => {
    close();
    router.push(href);
  };
  return (
    <Command label="Search and commands" loop className="flex max-h-[60vh] flex-col">
      <div className="flex items-center gap-2.5 border-b border-line-soft px-4">
        <Search aria-hidden className="size-4 text-ink-3" />
        <Command.Input value={typed} onValueChange={setTyped} placeholder="Pages, documents, conversations, commands" className="h-12 flex-1 bg-transparent text-base outline-none placeholder:text-ink-3" />
      </div>
      <Command.List className="min-h-0 flex-1 overflow-y-auto p-1.5">
        <Command.Empty className="px-2.5 py-8 text-center text-sm text-ink-3">{searching ? 'Searching' : 'Nothing with these words that you may see.'}</Command.Empty>
        <Pages go={go} close={close} />
        {documents.length > 0 && (
          <Command.Group heading="Documents" className={groupLook}>
            {documents.map((document) => (
              <Command.Item key={document.id} value={`${document.title} ${document.fileName} ${document.id}`} onSelect={go(`/library/documents/${document.id}`)} className={itemLook}>
                <FileIcon format={document.format} />
                <span className="truncate">{document.title}</span>
                <span className="ml-auto truncate pl-3 text-xs text-ink-3">{document.collectionName}</span>
              </Command.Item>
            ))}
          </Command.Group>
        )}
        {conversations.length > 0 && (
          <Command.Group heading="Conversations" className={groupLook}>
            {conversations.map((row) => (
              <Command.Item key={row.id} value={`${row.title} ${row.id}`} onSelect={go(`/ask/${row.id}`)} className={itemLook}>
                <MessageSquareText />
                <span className="truncate">{row.title}</span>
              </Command.Item>
            ))}
          </Command.Group>
        )}
      </Command.List>
    </Command>
  );
}

function Pages({ go, close }: { go: (href: string) => () => void; close: () => void }) {
  const { rights, setLayer, railNarrow, setRailNarrow } = useFrame();
  const { setTheme } = useTheme();
  const then = (act: () => void) => () => {
    close();
    act();
  };
  const commands: [string, LucideIcon, () => void][] = [
    ['Ask a new question', SquarePen, go('/ask')],
    ['Light colours', Sun, then(() => setTheme('light'))],
    ['Dark colours', Moon, then(() => setTheme('dark'))],
    ['Colours as the system', Monitor, then(() => setTheme('system'))],
    [railNarrow ? 'Widen the side bar' : 'Narrow the side bar', PanelLeft, then(() => setRailNarrow(!railNarrow))],
    ['API keys', KeyRound, go('/keys')],
    ['Show keyboard keys', Keyboard, () => setLayer('keys')],
    ['Sign out', LogOut, then(() => void signOut())],
  ];
  return (
    <>
      <Command.Group heading="Pages" className={groupLook}>
        {areasFor(rights).flatMap((area) => {
          const pages = area.pages.length === 0 ? [{ href: area.href, label: area.label }] : area.pages.map((page) => ({ href: page.href, label: `${area.label}: ${page.label}` }));
          return pages.map((page) => (
            <Command.Item key={page.href} onSelect={go(page.href)} className={itemLook}>
              <area.icon />
              {page.label}
            </Command.Item>
          ));
        })}
      </Command.Group>
      <Command.Group heading="Commands" className={groupLook}>
        {commands.map(([label, Icon, act]) => (
          <Command.Item key={label} onSelect={act} className={itemLook}>
            <Icon />
            {label}
          </Command.Item>
        ))}
      </Command.Group>
    </>
  );
}

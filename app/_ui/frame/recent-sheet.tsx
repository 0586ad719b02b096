/** Recent conversations on a phone. */
'use client';
import { Sheet, SheetContent } from '../primitives/sheet.tsx';
import { useFrame } from './frame-context.ts';
import { RecentConversations } from './recent-conversations.tsx';

export function RecentSheet() {
  const { layer, setLayer } = useFrame();
  return (
    <Sheet open={layer === 'recent'} onOpenChange={(open) => setLayer(open ? 'recent' : null)}>
      <SheetContent title="Conversations" side="bottom" className="h-[85dvh]">
        <RecentConversations onChoose={() => setLayer(null)} />
      </SheetContent>
    </Sheet>
  );
}

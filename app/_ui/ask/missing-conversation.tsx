/** A link to a conversation that is not the reader's, or no longer exists: the two look the same. */
import { MessageSquareOff } from 'lucide-react';
import Link from 'next/link.js';
import { Button } from '../primitives/button.tsx';
import { EmptyState } from '../primitives/empty-state.tsx';

export function MissingConversation() {
  return (
    <EmptyState
      icon={MessageSquareOff}
      title="There is no conversation here that you may see"
      className="my-auto"
      action={
        <Button asChild variant="primary">
          <Link href="/ask">Ask a new question</Link>
        </Button>
      }
    >
      A conversation opens only for the person who asked. It may also have been deleted.
    </EmptyState>
  );
}

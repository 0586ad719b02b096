/** The evidence beside an answer: what the model was given, and the open passage at its place in the document. */
'use client';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import type { Evidence } from '#lib/answer/events.ts';
import { request } from '../client/fetch.ts';
import { useMediaQuery } from '../client/use-media-query.ts';
import type { OpenPassage } from '../ask/ask-context.ts';
import { passagesOf, type TurnView } from '../ask/turn-view.ts';
import { Button } from '../primitives/button.tsx';
import { Kbd } from '../primitives/kbd.tsx';
import { Sheet, SheetContent } from '../primitives/sheet.tsx';
import { EvidenceList } from './evidence-list.tsx';
import { orderEvidence } from './order-evidence.ts';
import { PassagePager } from './passage-pager.tsx';
import { PassageView } from './passage-view.tsx';

interface EvidencePanelProps {
  turn: TurnView;
  open: OpenPassage;
  onOpen: (passage: OpenPassage | null) => void;
}

export function EvidencePanel({ turn, open, onOpen }: EvidencePanelProps) {
  const beside = useMediaQuery('(min-width: 1100px)');
  const ordered = orderEvidence(passagesOf(turn));
  const selected = ordered.find((one) => one.number === open.number);
  useRecordOpened(selected?.id ?? null);
  if (selected === undefined || beside === null) return null;
  const choose = (number: number): void => onOpen({ ...open, number });
  const content = <PanelContent ordered={ordered} selected={selected} nearest={turn.outcome === 'not-found'} onChoose={choose} />;
  const step = (by: 1 | -1): void => {
    const next = ordered[ordered.indexOf(selected) + by];
    if (next !== undefined) choose(next.number);
  };
  if (beside) {
    return (
      <PanelBeside onClose={() => onOpen(null)} onStep={step}>
        {content}
      </PanelBeside>
    );
  }
  return (
    <Sheet open onOpenChange={(next) => !next && onOpen(null)}>
      <SheetContent title="Evidence" side="full">
        <div className="flex h-full flex-col">{content}</div>
      </SheetContent>
    </Sheet>
  );
}

/** Every opening is part of what the audit log can show. A failure here must not keep anybody from reading. */
function useRecordOpened(evidenceId: string | null): void {
  useEffect(() => {
    if (evidenceId !== null) request(`/api/evidence/${evidenceId}/opened`, { method: 'POST' }).catch(() => undefined);
  }, [evidenceId]);
}

function PanelBeside({ onClose, onStep, children }: { onClose: () => void; onStep: (step: 1 | -1) => void; children: React.ReactNode }) {
  const panel = useRef<HTMLElement>(null);
  useFocusWhileOpen(panel);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onClose();
    if (event.key === '[') onStep(-1);
    if (event.key === ']') onStep(1);
  };
  return (
    <section ref={panel} tabIndex={-1} aria-label="Evidence" onKeyDown={onKeyDown} className="flex w-[clamp(26rem,36vw,44rem)] shrink-0 animate-from-right flex-col border-l border-line-soft bg-panel">
      <div className="flex h-11 shrink-0 items-center gap-2 pr-2 pl-4 text-sm">
        <h2 className="font-semibold tracking-normal">Evidence</h2>
        <span className="truncate text-ink-3">what the model was given</span>
        <Button variant="quiet" size="sm" className="ml-auto font-normal" onClick={onClose}>
          Close <span className="sr-only">the evidence</span> <Kbd aria-hidden>Esc</Kbd>
        </Button>
      </div>
      {children}
    </section>
  );
}

/** Takes the focus when it opens and gives it back to the citation when it closes. */
function useFocusWhileOpen(panel: React.RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const opener = document.activeElement;
    panel.current?.focus({ preventScroll: true });
    return () => {
      const lost = document.activeElement === null || document.activeElement === document.body;
      if (lost && opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true });
    };
  }, [panel]);
}

interface PanelContentProps {
  ordered: Evidence[];
  selected: Evidence;
  nearest: boolean;
  onChoose: (number: number) => void;
}

function PanelContent({ ordered, selected, nearest, onChoose }: PanelContentProps) {
  return (
    <>
      <EvidenceList ordered={ordered} selected={selected} nearest={nearest} onChoose={onChoose} />
      <PassageView key={selected.id} passage={selected} />
      <PassagePager ordered={ordered} selected={selected} onChoose={onChoose} />
    </>
  );
}

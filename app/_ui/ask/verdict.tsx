/** What checking the sentences found, in words and colours. */
import { Check, CircleHelp, CircleX, Info } from 'lucide-react';
import { Badge } from '../primitives/badge.tsx';
import { countSupport, type TurnView } from './turn-view.ts';

export function Verdict({ turn }: { turn: TurnView }) {
  if (turn.sentences.length === 0 || turn.outcome === 'not-found') return null;
  if (turn.outcome === 'quoted') {
    return (
      <p className="mt-1 mb-4">
        <Badge tone="ok">
          <Check /> Word for word from the passages
        </Badge>
      </p>
    );
  }
  const { supported, weak, unsupported, uncited, weakPassages } = countSupport(turn.sentences);
  const sentences = (amount: number): string => `${amount} ${amount === 1 ? 'sentence' : 'sentences'}`;
  return (
    <p className="mt-1 mb-4 flex flex-wrap gap-2">
      {supported > 0 && (
        <Badge tone="ok">
          <Check /> {sentences(supported)} {supported === 1 ? 'matches its' : 'match their'} source
        </Badge>
      )}
      {weak > 0 && (
        <Badge tone="weak">
          <CircleHelp /> {weak} only partly{weakPassages.length > 0 && `: check passage ${weakPassages.join(', ')}`}
        </Badge>
      )}
      {unsupported > 0 && (
        <Badge tone="bad">
          <CircleX /> {unsupported} not supported
        </Badge>
      )}
      {uncited > 0 && (
        <Badge tone="neutral">
          <Info /> {uncited} without a source
        </Badge>
      )}
    </p>
  );
}

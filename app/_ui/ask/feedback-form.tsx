/** A line to say why. The verdict itself is saved already; this only adds to it. */
'use client';
import { useState } from 'react';
import { Button } from '../primitives/button.tsx';
import { Textarea } from '../primitives/textarea.tsx';

const commentCharactersMax = 2000;

interface FeedbackFormProps {
  verdict: 'up' | 'down';
  comment: string;
  onSave: (comment: string) => void;
  onClose: () => void;
}

export function FeedbackForm({ verdict, comment, onSave, onClose }: FeedbackFormProps) {
  const [typed, setTyped] = useState(comment);
  return (
    <form
      className="mt-2 grid animate-enter gap-2 rounded-lg bg-panel p-3"
      onSubmit={(event) => {
        event.preventDefault();
        onSave(typed.trim());
      }}
    >
      <label className="grid gap-1.5 text-sm font-medium">
        {verdict === 'up' ? 'What helped? (optional)' : 'What was wrong or missing? (optional)'}
        <Textarea
          autoFocus
          value={typed}
          maxLength={commentCharactersMax}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && onClose()}
          className="min-h-16 font-normal"
        />
      </label>
      <div className="flex items-center gap-2">
        <p className="mr-auto text-xs text-ink-3">Saved as {verdict === 'up' ? 'helpful' : 'not helpful'}. Those who look after answers read comments.</p>
        <Button size="sm" onClick={onClose}>
          Close
        </Button>
        <Button size="sm" type="submit" variant="primary" disabled={typed.trim() === comment}>
          Add comment
        </Button>
      </div>
    </form>
  );
}

/** Models: what serves each role, what is on disk, what is on its way. A choice takes effect without a restart. */
'use client';
import { HardDriveDownload } from 'lucide-react';
import { modelsStatus } from '../client/schemas/models.ts';
import { useData } from '../client/use-data.ts';
import { EmptyState } from '../primitives/empty-state.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { Notice } from '../primitives/notice.tsx';
import { PageHeader } from '../primitives/page-header.tsx';
import { SkeletonLines } from '../primitives/skeleton.tsx';
import { ModelDownloads } from './model-downloads.tsx';
import { ModelFiles } from './model-files.tsx';
import { ModelRoles } from './model-roles.tsx';

const computeWords: Record<string, string> = { cpu: 'the processor', cuda: 'the graphics card (CUDA)', metal: 'the graphics cores (Metal)', vulkan: 'the graphics card (Vulkan)' };
const readEveryMs = 3_000;

export function Models() {
  const { data: status, error, reload } = useData('/api/models', modelsStatus, { everyMs: readEveryMs });
  return (
    <div className="grid gap-8">
      <PageHeader
        title="Models"
        description="Every model is a GGUF file on your own machines. Files put into the models folder appear here by themselves; each is known by its SHA-256, which stands in the record of every answer."
      />
      {error !== null && <ErrorNote error={error} onRetry={reload} title="The model server cannot be asked" />}
      {status === undefined && error === null && <SkeletonLines lines={8} />}
      {status !== undefined && !status.managed && <Notice>The model server is not one of ours: what it runs is chosen there.</Notice>}
      {status !== undefined && (
        <>
          <ModelRoles status={status} />
          {status.downloads.length > 0 && <ModelDownloads downloads={status.downloads} />}
          {status.managed && status.models.length > 0 && <ModelFiles models={status.models} />}
          {status.managed && status.models.length === 0 && (
            <EmptyState icon={HardDriveDownload} title="No model on disk yet">
              Put a GGUF file into the models folder, or run <code className="font-mono text-xs">npm run models:pull</code> on a machine with a network. Until then answers are quoted from the documents.
            </EmptyState>
          )}
          <p className="text-sm text-ink-3">
            {status.compute === null ? '' : `Runs on ${computeWords[status.compute] ?? status.compute}. `}
            {status.threads === null ? '' : `${status.threads} threads, as many as the cores this machine grants.`}
          </p>
        </>
      )}
    </div>
  );
}

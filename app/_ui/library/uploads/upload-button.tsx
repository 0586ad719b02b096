/** Opens the system's file chooser. */
'use client';
import { Upload } from 'lucide-react';
import { useRef, type ChangeEvent } from 'react';
import { Button, type ButtonProps } from '../../primitives/button.tsx';
import { useUploadLimits } from './upload-context.ts';

interface UploadButtonProps extends Pick<ButtonProps, 'variant' | 'size'> {
  onFiles: (files: File[]) => void;
  /** One file only, for a new version. */
  single?: boolean;
  children?: string;
}

export function UploadButton({ onFiles, single = false, variant = 'primary', size = 'md', children = 'Upload files' }: UploadButtonProps) {
  const { extensions } = useUploadLimits();
  const chooser = useRef<HTMLInputElement>(null);
  const onChange = (event: ChangeEvent<HTMLInputElement>): void => {
    const files = [...(event.target.files ?? [])];
    // The same file can be chosen again, for example after it was repaired.
    event.target.value = '';
    if (files.length > 0) onFiles(files);
  };
  return (
    <>
      <Button variant={variant} size={size} onClick={() => chooser.current?.click()}>
        <Upload /> {children}
      </Button>
      <input ref={chooser} type="file" multiple={!single} accept={extensions.join(',')} onChange={onChange} className="hidden" tabIndex={-1} aria-label={children} />
    </>
  );
}

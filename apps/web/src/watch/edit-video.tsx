import { type Video, type Visibility } from '@kinora/contracts-catalog';
import { Button, Dialog, Notice, SelectField, TextArea, TextField, toast } from '@kinora/ui';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { explain, fieldError } from '../api/problems';
import { keepVideo } from '../api/queries';
import { visibilities } from '../library/status';
import { draftOf, EditConflict, saveVideo, type Draft } from './save-video';

interface EditVideoProps {
  video: Video;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function EditVideo({ video, open, onOpenChange }: EditVideoProps) {
  const [draft, setDraft] = useState(() => draftOf(video));
  const [base, setBase] = useState(video);
  const [theirs, setTheirs] = useState<Video>();
  const save = useMutation({
    mutationFn: () => saveVideo(base, draft),
    onSuccess: (saved) => {
      keepVideo(saved);
      onOpenChange(false);
      toast({ title: 'Saved' });
    },
    onError: (error) => {
      if (!(error instanceof EditConflict)) return;
      setBase(error.current);
      setTheirs(error.current);
    },
  });
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const { error } = save;
  const refused = error && !(error instanceof EditConflict) ? explain(error) : undefined;
  return (
    <Dialog title="Edit video" open={open} onOpenChange={onOpenChange}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          setTheirs(undefined);
          save.mutate();
        }}
      >
        {theirs && (
          <Notice tone="warn" className="flex flex-col items-start gap-2">
            <span>
              Somebody changed this video meanwhile; its title is now “{theirs.title}”. Saving keeps what is in this
              form.
            </span>
            <Button
              size="sm"
              onClick={() => {
                setDraft(draftOf(theirs));
                setTheirs(undefined);
              }}
            >
              Take the other version
            </Button>
          </Notice>
        )}
        {refused && <Notice tone="danger">{refused.message}</Notice>}
        <TextField
          label="Title"
          required
          maxLength={200}
          value={draft.title}
          error={fieldError(error, 'title')}
          onChange={(event) => set({ title: event.target.value })}
        />
        <TextArea
          label="Description"
          maxLength={10_000}
          rows={5}
          value={draft.description}
          error={fieldError(error, 'description')}
          onChange={(event) => set({ description: event.target.value })}
        />
        <TextField
          label="Tags"
          hint="Separate with commas"
          value={draft.tags}
          error={fieldError(error, 'tags')}
          onChange={(event) => set({ tags: event.target.value })}
        />
        <SelectField
          label="Visibility"
          hint={visibilities.find(([value]) => value === draft.visibility)?.[1].means}
          value={draft.visibility}
          onChange={(event) => set({ visibility: event.target.value as Visibility })}
        >
          {visibilities.map(([value, { label }]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </SelectField>
        <div className="flex justify-end gap-2">
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" variant="primary" busy={save.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

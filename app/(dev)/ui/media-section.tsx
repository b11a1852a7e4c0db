"use client";

import { useState } from "react";
import { MediaPicker, type PickedMedia } from "#components/media/media-picker.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";

/** The dialog that editors pick pictures from; it needs a login for what it loads. */
export function MediaSection() {
  const [open, setOpen] = useState(false);
  const [picked, setPicked] = useState<PickedMedia | null>(null);
  return (
    <Card>
      <CardHeader title="Media picker" />
      <CardBody className="flex flex-col items-start gap-2.5">
        <Button onClick={() => setOpen(true)}>Open media picker</Button>
        {picked && <output className="text-sm wrap-anywhere">{JSON.stringify(picked)}</output>}
        <MediaPicker open={open} onClose={() => setOpen(false)} onPick={setPicked} />
      </CardBody>
    </Card>
  );
}

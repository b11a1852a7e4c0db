"use client";

import { Button } from "#components/ui/button.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Dialog, DialogClose, DialogFooter } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Popover } from "#components/ui/popover.tsx";
import { Sheet } from "#components/ui/sheet.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { Tooltip } from "#components/ui/tooltip.tsx";

export function OverlaySection() {
  return (
    <Card>
      <CardHeader title="Overlays" />
      <CardBody className="flex flex-wrap gap-2.5">
        <Dialog
          title="New list"
          description="A list is a group people subscribe to."
          trigger={<Button>Open dialog</Button>}
        >
          <form action={() => {}}>
            <Field label="Name" name="name">
              <Input placeholder="Newsletter" />
            </Field>
            <DialogFooter>
              <DialogClose render={<Button>Cancel</Button>} />
              <SubmitButton>Create list</SubmitButton>
            </DialogFooter>
          </form>
        </Dialog>
        <ConfirmDialog
          title="Delete the list “Newsletter”?"
          description="1,204 people leave this list. Their profiles stay. This cannot be undone."
          confirmLabel="Delete list"
          typeToConfirm="Newsletter"
          trigger={<Button variant="danger">Delete list…</Button>}
          onConfirm={() => {}}
        />
        <Sheet title="Details" trigger={<Button>Open sheet</Button>}>
          <p>A panel from the edge.</p>
        </Sheet>
        <Popover
          trigger={<Button>Open popover</Button>}
          title="Machine opens"
          description="Some mail programs load pictures by themselves; those are counted apart."
        />
        <Tooltip content="Only a hint">
          <Button>Tooltip</Button>
        </Tooltip>
      </CardBody>
    </Card>
  );
}

"use client";

import { Globe } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { Card, CardBody, CardFooter, CardHeader } from "#components/ui/card.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Combobox } from "#components/ui/combobox.tsx";
import { Field, FieldGroup, FieldStack } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { MultiCombobox } from "#components/ui/multi-combobox.tsx";
import { PasswordInput } from "#components/ui/password-input.tsx";
import { RadioGroup } from "#components/ui/radio-group.tsx";
import { Select } from "#components/ui/select.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { Switch } from "#components/ui/switch.tsx";
import { Textarea } from "#components/ui/textarea.tsx";

const zones = ["Europe/Berlin", "Europe/Paris", "America/New_York", "America/São_Paulo", "Asia/Tokyo"].map((value) => ({
  value,
  label: value.replaceAll("_", " "),
  hint: "UTC+1",
}));
const lists = ["Newsletter", "Customers", "Press", "Staff"].map((label) => ({ value: label.toLowerCase(), label }));

export function FormSection() {
  return (
    <Card>
      <form action={() => {}}>
        <CardHeader title="Forms" description="Each control is wired to its label, hint and error." />
        <CardBody className="grid gap-8 sm:grid-cols-2">
          <FieldStack>
            <Field label="Campaign name" name="name" hint="Only you see this.">
              <Input placeholder="Spring sale" />
            </Field>
            <Field
              label="From address"
              name="from"
              error="“hello@” is not a whole address. Add what comes after the @."
            >
              <Input type="email" defaultValue="hello@" />
            </Field>
            <Field label="Website" name="web" optional>
              <Input prefix={<Globe aria-hidden="true" />} placeholder="example.com" />
            </Field>
            <Field label="Rate" name="rate">
              <Input type="number" defaultValue={50} suffix="per hour" />
            </Field>
            <Field label="Password" name="password">
              <PasswordInput autoComplete="new-password" defaultValue="correct horse" />
            </Field>
            <Field label="Disabled" name="disabled" disabled>
              <Input defaultValue="cannot be changed" />
            </Field>
            <Field label="Note" name="note" optional>
              <Textarea placeholder="What should your colleagues know?" />
            </Field>
          </FieldStack>
          <FieldStack>
            <Field label="TLS" name="tls">
              <Select
                defaultValue="starttls"
                items={[
                  { value: "starttls", label: "STARTTLS", hint: "Port 587, the usual one" },
                  { value: "implicit", label: "TLS from the start", hint: "Port 465" },
                  { value: "none", label: "None", hint: "Only inside your own network" },
                ]}
              />
            </Field>
            <Field label="Time zone" name="zone">
              <Combobox items={zones} defaultValue="Europe/Berlin" placeholder="Find a city" clearable />
            </Field>
            <Field label="Lists" name="lists" hint="Everyone on these lists, once each.">
              <MultiCombobox items={lists} defaultValue={["newsletter", "press"]} placeholder="Choose lists" />
            </Field>
            <RadioGroup
              label="When"
              name="when"
              defaultValue="now"
              boxed
              items={[
                { value: "now", label: "Send now", hint: "Goes out as soon as you confirm." },
                { value: "later", label: "Schedule", hint: "Pick a day, a time and a zone." },
              ]}
            />
            <RadioGroup
              label="Delimiter"
              name="delimiter"
              defaultValue=";"
              items={[
                { value: ",", label: "Comma" },
                { value: ";", label: "Semicolon" },
                { value: "x", label: "Not possible", disabled: true },
              ]}
            />
            <FieldGroup legend="Tracking" hint="Off means plain links and no pixel.">
              <Checkbox name="clicks" label="Count clicks" hint="Links pass through this server." defaultChecked />
              <Checkbox name="some" label="Some of them" indeterminate />
              <Checkbox name="off" label="Not available" disabled />
              <Switch name="opens" label="Count opens" defaultChecked />
              <Switch name="archive" label="Public archive" />
            </FieldGroup>
          </FieldStack>
        </CardBody>
        <CardFooter>
          <Button>Cancel</Button>
          <SubmitButton>Save</SubmitButton>
        </CardFooter>
      </form>
    </Card>
  );
}

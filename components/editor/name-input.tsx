"use client";

/** The name of the thing that a page edits, as its heading: it looks like text until somebody goes there. */
export function NameInput({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <h1 className="-ml-2 min-w-0 flex-1 basis-64">
      <input
        aria-label={label}
        value={value}
        maxLength={200}
        onChange={(event) => onChange(event.target.value)}
        className="w-full truncate rounded-md border border-transparent bg-transparent px-2 py-1 text-xl font-semibold hover:border-line focus:border-focus sm:text-2xl"
      />
    </h1>
  );
}
